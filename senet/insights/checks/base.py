"""What an invariant is, and where it may look."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import senet.insights
from senet.interactions.clickhouse import fetch_rows
from senet.interactions.offsets import Connection
from senet.shared.sql import load_sql

Rows = Sequence[Sequence[Any]]  # of statements, each with its own columns


@dataclass(frozen=True, slots=True)
class Finding:
    """How many things were compared and, in words, those that do not agree."""

    checked: int
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """PostgreSQL in one snapshot, ClickHouse standing still, and the positions between them."""

    connection: Connection

    def postgres(self, statement: str, **parameters: object) -> Rows:
        """Run one of this room's statements."""
        return self.connection.execute(load_sql(senet.insights, statement), parameters).fetchall()

    def clickhouse(self, query: str, **parameters: object) -> Rows:
        """Run a query with bound values."""
        return fetch_rows(query, parameters)

    def position(self, stream: str) -> int:
        """Return the transaction id below which a stream has been shipped."""
        rows = self.connection.execute("SELECT xid FROM ship_offset WHERE stream = %s", [stream]).fetchall()
        return int(str(rows[0][0])) if rows else 0


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: its name, what it says, and how to look."""

    name: str
    description: str
    look: Callable[[Look], Finding]


def compare(ours: Iterable[Sequence[Any]], theirs: Iterable[Sequence[Any]], say: str) -> Finding:
    """Compare two sets of rows whose last column is a count; a count of 0 is as good as no row.

    `say` is a sentence with the key's columns, then {ours} and {theirs}.
    """
    left, right = _as_counts(ours), _as_counts(theirs)
    keys = sorted(left.keys() | right.keys(), key=repr)
    broken = [
        say.format(*key, ours=left.get(key, 0), theirs=right.get(key, 0))
        for key in keys
        if left.get(key, 0) != right.get(key, 0)
    ]
    return Finding(len(keys), broken)


def _as_counts(rows: Iterable[Sequence[Any]]) -> Mapping[tuple[Hashable, ...], int]:
    counts: dict[tuple[Hashable, ...], int] = {}
    for row in rows:
        key = tuple(str(value) for value in row[:-1])
        counts[key] = counts.get(key, 0) + int(row[-1])
    return counts
