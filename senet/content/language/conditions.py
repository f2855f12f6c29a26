"""Compiles conditions: usual ones become closures; the rest, and unusual values, are left to python-liquid itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liquid.builtin.expressions import BooleanExpression, Path
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Literal
from liquid.expression import Expression

from senet.content.language.budget import RenderState

Condition = Callable[[RenderState], bool]
Value = Callable[[RenderState], Any]  # whatever a person's values are
ValueOf = Callable[[Expression], Value | None]

_COMPARISONS: dict[type[Expression], Callable[[str, str], bool]] = {
    EqExpression: lambda left, right: left == right,
    NeExpression: lambda left, right: left != right,
    ContainsExpression: lambda left, right: right in left,
}


def compile_condition(expression: Expression, value_of: ValueOf, slow: Condition) -> Condition:
    """Return a function that tells whether a condition holds for one message.

    `value_of` gives the fast reading of a path or literal, or None; `slow` asks python-liquid about all of it.
    """
    inner = expression.expression if isinstance(expression, BooleanExpression) else expression
    if isinstance(inner, LogicalAndExpression | LogicalOrExpression):
        return _combined(inner, value_of, slow)
    if isinstance(inner, Path) and (value := value_of(inner)):
        return _truth(value, slow)
    compare = _COMPARISONS.get(type(inner))
    if compare and (pair := _operands(inner, value_of)):
        return _comparison(compare, *pair, slow)
    return slow


def _combined(inner: LogicalAndExpression | LogicalOrExpression, value_of: ValueOf, slow: Condition) -> Condition:
    failed: list[Expression] = []

    def part(expression: Expression) -> Condition:
        def unknown(_: RenderState) -> bool:
            raise _Unusual

        if isinstance(expression, Literal):
            failed.append(expression)
        return compile_condition(expression, value_of, unknown)

    left, right = part(inner.left), part(inner.right)
    if failed:
        return slow
    both = isinstance(inner, LogicalAndExpression)

    def holds(state: RenderState) -> bool:
        try:
            return (left(state) and right(state)) if both else (left(state) or right(state))
        except _Unusual:
            return slow(state)

    return holds


class _Unusual(Exception):  # noqa: N818
    """A part of a condition needs python-liquid."""


def _truth(value: Value, slow: Condition) -> Condition:
    def holds(state: RenderState) -> bool:
        found = value(state)
        kind = type(found)
        if kind is bool:
            return bool(found)
        return True if kind is str or kind is int or kind is float or kind is list or kind is dict else slow(state)

    return holds


def _comparison(compare: Callable[[str, str], bool], left: Value, right: Value, slow: Condition) -> Condition:
    def holds(state: RenderState) -> bool:
        one, other = left(state), right(state)
        return compare(one, other) if type(one) is str and type(other) is str else slow(state)

    return holds


def _operands(inner: Expression, value_of: ValueOf) -> tuple[Value, Value] | None:
    sides = [_operand(side, value_of) for side in inner.children()]
    return (sides[0], sides[1]) if len(sides) == 2 and sides[0] and sides[1] else None


def _operand(side: Expression, value_of: ValueOf) -> Value | None:
    if isinstance(side, Literal) and isinstance(side.value, str):
        constant = str(side.value)
        return lambda _: constant
    return value_of(side) if isinstance(side, Path) else None
