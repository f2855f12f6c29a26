"""Compiles a template to pieces: static text, link slots, and functions for what differs from person to person.

What is common is fast: a path with filters becomes a closure, a condition chooses between compiled pieces.
Everything else is rendered by python-liquid itself, node by node, in one context, so that the result is always what
python-liquid would give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from liquid import BoundTemplate
from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.arguments import PositionalArgument
from liquid.builtin.expressions.filtered import Filter
from liquid.builtin.expressions.primitive import Literal
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.expression import Expression
from liquid.output import LimitedStringIO
from liquid.stringify import to_liquid_string
from markupsafe import escape

from senet.content.language.budget import MAX_OUTPUT, RenderState
from senet.content.language.conditions import Condition, Value, compile_condition
from senet.content.language.environment import LiquidContext, LiquidEnvironment
from senet.content.language.slots import BeaconNode, LinkNode

Writer = Callable[[RenderState], str]
_SPECIAL = re.compile("[&<>'\"]")  # what `escape` changes; it is slow where it changes nothing
_PROPERTIES = frozenset({"size", "first", "last"})


@dataclass(frozen=True, slots=True)
class LinkPiece:
    """A link's place: its number, and the pieces that write its own address."""

    number: int
    own: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class BeaconPiece:
    """The beacon's place."""


@dataclass(frozen=True, slots=True)
class ChoicePiece:
    """The first of several conditions that holds decides what is written; the last may have none."""

    branches: tuple[tuple[Condition, tuple[Piece, ...]], ...]


Piece = str | Writer | LinkPiece | BeaconPiece | ChoicePiece


def compile_template(source: str, environment: LiquidEnvironment) -> tuple[Piece, ...]:
    """Return a template's pieces in order.

    Raises: LiquidError when it cannot be read.
    """
    return _Compiler(environment, environment.from_string(source)).pieces()


def write_text(pieces: Sequence[Piece], state: RenderState, *, html: bool) -> str:
    """Return what the pieces write for one person."""
    written: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            written.append(piece)
        elif isinstance(piece, LinkPiece):
            written.append(state.write_link(piece.number, write_text(piece.own, state, html=html), html=html))
        elif isinstance(piece, BeaconPiece):
            written.append(state.write_beacon())
        elif isinstance(piece, ChoicePiece):
            written.append(write_text(choose(piece, state), state, html=html))
        else:
            written.append(piece(state))
    return "".join(written)


def choose(piece: ChoicePiece, state: RenderState) -> tuple[Piece, ...]:
    """Return the pieces of the branch that a person gets."""
    for condition, pieces in piece.branches:
        if condition(state):
            return pieces
    return ()


class _Compiler:
    def __init__(self, environment: LiquidEnvironment, template: BoundTemplate) -> None:
        self.environment = environment
        self.template = template
        analysis = template.analyze(include_partials=False)
        self.assigned = frozenset(analysis.locals)

    def pieces(self) -> tuple[Piece, ...]:
        return self._block(self.template.nodes)

    def _block(self, nodes: Sequence[Node]) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        for node in nodes:
            piece = self._piece(node)
            if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += piece
            elif piece != "":
                pieces.append(piece)
        return tuple(pieces)

    def _piece(self, node: Node) -> Piece:
        if isinstance(node, ContentNode):
            return node.text
        if isinstance(node, LinkNode):
            return LinkPiece(node.number, self._block(node.block.nodes))
        if isinstance(node, BeaconNode):
            return BeaconPiece()
        if isinstance(node, IfNode) and not node.blank:
            return self._choice(node)
        if isinstance(node, OutputNode) and (writer := self._output(node.expression)):
            return writer
        return self._slow(node)

    def _choice(self, node: IfNode) -> ChoicePiece:
        branches = [(self._condition(node.condition), self._block(node.consequence.nodes))]
        branches += [(self._condition(each.expression), self._block(each.block.nodes)) for each in node.alternatives]
        if node.default:
            branches.append((_always, self._block(node.default.nodes)))
        return ChoicePiece(tuple(branches))

    def _condition(self, expression: Expression) -> Condition:
        def ask_liquid(state: RenderState) -> bool:
            return bool(expression.evaluate(self.context(state)))

        return compile_condition(expression, self._value, ask_liquid)

    def context(self, state: RenderState) -> LiquidContext:
        """Return the one context in which this template's nodes render for one message."""
        context = state.contexts.get(self)
        if context is None:
            context = state.contexts[self] = LiquidContext(self.template, state)
        return context  # type: ignore[return-value]  # the state keeps contexts without knowing their class

    def _slow(self, node: Node) -> Writer:
        def write(state: RenderState) -> str:
            buffer = LimitedStringIO(MAX_OUTPUT)
            node.render(self.context(state), buffer)
            return buffer.getvalue()

        return write

    def _output(self, expression: Expression) -> Writer | None:
        if not isinstance(expression, FilteredExpression):
            return None
        value = self._value(expression.left)
        if value is None:
            return None
        for each in expression.filters or ():
            value = self._filtered(value, each)
            if value is None:
                return None
        return _as_escaped(value) if self.environment.autoescape else _as_plain(value)

    def _value(self, expression: Expression) -> Value | None:
        if isinstance(expression, Literal):
            constant = expression.evaluate(LiquidContext(self.template, RenderState.empty()))
            return lambda _: constant
        if not isinstance(expression, Path) or expression.path[0] in self.assigned:
            return None
        names = expression.path
        if not all(isinstance(name, str) and name not in _PROPERTIES for name in names):
            return None
        undefined = self.environment.undefined(str(names[0]), token=expression.token)
        if len(names) == 2:
            return _two_names(str(names[0]), str(names[1]), undefined)
        return _many_names([str(name) for name in names], undefined)

    def _filtered(self, value: Value, each: Filter) -> Value | None:
        function = self.environment.filters.get(each.name)
        if function is None or not all(
            isinstance(argument, PositionalArgument) and isinstance(argument.value, Literal) for argument in each.args
        ):
            return None
        context = LiquidContext(self.template, RenderState.empty())
        arguments = [argument.value.evaluate(context) for argument in each.args]
        named = {"environment": self.environment} if getattr(function, "with_environment", False) else {}
        with_context = getattr(function, "with_context", False)

        def apply(state: RenderState) -> Any:
            state.spend()
            context = {"context": state} if with_context else {}
            return function(value(state), *arguments, **context, **named)

        return apply


def _always(_: RenderState) -> bool:
    return True


def _two_names(root: str, name: str, undefined: object) -> Value:
    def look_up(state: RenderState) -> Any:
        try:
            return state.scope[root][name]  # type: ignore[index]  # a scope holds mappings and values; the except is for values
        except (KeyError, TypeError):
            return undefined

    return look_up


def _many_names(names: Sequence[str], undefined: object) -> Value:
    def look_up(state: RenderState) -> Any:
        found: Any = state.scope
        try:
            for name in names:
                found = found[name]
        except (KeyError, TypeError):
            return undefined
        return found

    return look_up


def _as_escaped(value: Value) -> Writer:
    def write(state: RenderState) -> str:
        found = value(state)
        if type(found) is str:
            return escape(found) if _SPECIAL.search(found) else found
        return to_liquid_string(found, autoescape=True)

    return write


def _as_plain(value: Value) -> Writer:
    def write(state: RenderState) -> str:
        found = value(state)
        return found if type(found) is str else to_liquid_string(found, autoescape=False)

    return write
