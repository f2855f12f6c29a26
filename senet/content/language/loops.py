"""Reads the loops of a template without running it: which columns their rows have, and rows used as if they were one.

A loop over related rows gives its own name a meaning that only its block knows; `analysis` sees that name as local and
cannot say whether a column exists. A list written as if it were a value would show its innards to the recipient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from liquid import BoundTemplate, RenderContext
from liquid.ast import Node
from liquid.builtin.expressions import Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.expression import Expression

from senet.content.language.shapes import ById, Fields, Rows

Scope = Mapping[str, "Fields | None"]
_FORLOOP = dict.fromkeys(("index", "index0", "rindex", "rindex0", "first", "last", "length", "name"))


@dataclass(frozen=True, slots=True)
class LoopFinding:
    """A path that leads nowhere: `known` are the names there are after `parents`. `rows`: a list, not a value."""

    path: str
    position: int
    known: tuple[str, ...]
    parents: tuple[str, ...]
    rows: bool = False


def find_loop_faults(template: BoundTemplate, fields: Fields) -> Iterator[LoopFinding]:
    """Yield what is wrong with the rows that a template loops over, in the order of its source."""
    yield from _walk(template.nodes, fields, {}, RenderContext(template))


def resolve(segments: list[object], fields: Fields) -> tuple[Fields | None, bool]:
    """Return what a path leads to and whether every step is known; past a value or an index nothing is known."""
    found: Fields | None = fields
    for segment in segments:
        if isinstance(found, ById) and isinstance(segment, int | str):
            found = dict(found)
        elif found is not None and isinstance(segment, str) and segment in found and not isinstance(found, Rows):
            found = found[segment]
        else:
            return None, False
    return found, True


def _walk(nodes: list[Node], fields: Fields, scope: Scope, context: RenderContext) -> Iterator[LoopFinding]:
    for node in nodes:
        for expression in node.expressions():
            yield from _check(expression, scope)
        if isinstance(node, OutputNode):
            yield from _written_rows(node, {**fields, **scope})
        inner = dict(scope)
        if isinstance(node, ForNode):
            inner |= _loop_names(node, {**fields, **scope})
        yield from _walk(list(node.children(context)), fields, inner, context)


def _loop_names(node: ForNode, known: Fields) -> dict[str, Fields | None]:
    iterable = node.expression.iterable
    found = resolve(list(iterable.path), known)[0] if isinstance(iterable, Path) else None
    names: dict[str, Fields | None] = {"forloop": {**_FORLOOP, "parentloop": None}}
    if isinstance(found, Rows):
        names[node.expression.identifier] = dict(found)
    return names


def _check(expression: Expression, scope: Scope) -> Iterator[LoopFinding]:
    for inner in expression.children():
        yield from _check(inner, scope)
    if not isinstance(expression, Path) or str(expression.path[0]) not in scope:
        return
    known: Fields | None = scope
    for index, segment in enumerate(expression.path):
        if known is None or not isinstance(segment, str):
            return
        if segment not in known:
            parents = tuple(str(each) for each in expression.path[:index])
            yield LoopFinding(str(expression), expression.token.start_index, tuple(known), parents)
            return
        known = known[segment]


def _written_rows(node: OutputNode, known: Fields) -> Iterator[LoopFinding]:
    expression = node.expression
    left = getattr(expression, "left", None)
    if isinstance(left, Path) and not getattr(expression, "filters", None):
        found, _ = resolve(list(left.path), known)
        if isinstance(found, Rows):
            yield LoopFinding(str(left), left.token.start_index, tuple(found), (), rows=True)
