"""What a KPI is: a key, words, a unit, an expression over counts, and where it appears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Total:
    """Every event of some interaction types."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UniqueMessages:
    """Messages with at least one event of some types: one message, one person, counted once."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UniqueLinks:
    """Pairs of a message and a link with at least one event of some types."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Some KPIs added up, less others."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """One KPI divided by another, over the whole population; never an average of rates."""

    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True)
class Column:
    """A number that the page's own statement returns under a name."""

    name: str


Expression = Total | UniqueMessages | UniqueLinks | Sum | Ratio | Column


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number that pages show. `description` is the tooltip and the glossary's entry."""

    key: str
    name: str
    description: str
    expression: Expression
    appears: tuple[str, ...]

    @property
    def unit(self) -> str:
        """Return "ratio" (0–1) for rates, else "count"."""
        return "ratio" if isinstance(self.expression, Ratio) else "count"


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted, by interaction type."""

    events: Mapping[str, int]
    messages: Mapping[tuple[str, ...], int]
    links: Mapping[tuple[str, ...], int]


def evaluate(kpi: Kpi, kpis: Mapping[str, Kpi], counts: Counts) -> float | int | None:
    """Return a KPI's value; None when its denominator is 0."""
    match kpi.expression:
        case Total(types):
            return sum(counts.events.get(name, 0) for name in types)
        case UniqueMessages(types):
            return counts.messages.get(types, 0)
        case UniqueLinks(types):
            return counts.links.get(types, 0)
        case Sum(plus, minus):
            return count_of(plus, kpis, counts) - count_of(minus, kpis, counts)
        case Ratio(numerator, denominator):
            below = count_of((denominator,), kpis, counts)
            return round(count_of((numerator,), kpis, counts) / below, 6) if below else None
        case Column(name):
            return counts.events.get(name, 0)


def count_of(keys: tuple[str, ...], kpis: Mapping[str, Kpi], counts: Counts) -> int:
    """Return the sum of some KPIs that are counts."""
    return sum(int(evaluate(kpis[key], kpis, counts) or 0) for key in keys)
