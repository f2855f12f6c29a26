"""A hook between any two statements of Django's connection: to kill, to interfere, or to count.

Points are the statements within a transaction, savepoints among them, and the moments before and after its commit. A
statement outside a transaction is no point: to die there is to die after the last commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.db import connection, connections

BEFORE_COMMIT, AFTER_COMMIT = "-- before the commit", "-- after the commit"


@dataclass(frozen=True, slots=True)
class Point:
    """One moment between two statements: its number, and the statement that comes next."""

    number: int
    text: str
    commits: int  # transactions before this moment that wrote something

    @property
    def title(self) -> str:
        """The first line of the statement, as far as it is always the same."""
        return self.text.strip().partition("\n")[0].partition(' "s')[0][:100]


@dataclass
class _Watch:
    hook: Callable[[Point], None]
    points: int = 0
    commits: int = 0

    def pass_point(self, text: str) -> None:
        self.points += 1
        self.hook(Point(self.points, text, self.commits))

    def execute(self, run: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: Any) -> Any:
        if connection.in_atomic_block:
            self.pass_point(str(statement))
        return run(statement, parameters, many, context)

    def commit(self, run: Callable[[], None]) -> None:
        self.pass_point(BEFORE_COMMIT)
        wrote = _has_written()
        run()
        self.commits += wrote
        self.pass_point(AFTER_COMMIT)


def _has_written() -> bool:
    """Say whether the open transaction has an id, which it gets with its first write; not a point itself."""
    row = connection.connection.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL").fetchone()
    return bool(row[0])


@contextmanager
def at_statement(hook: Callable[[Point], None]) -> Iterator[None]:
    """Call `hook` at every point of the transactions inside. It must not use the connection itself."""
    watch = _Watch(hook)
    watched = connections["default"]
    works = watched.commit
    with watched.execute_wrapper(watch.execute), patch.object(watched, "commit", lambda: watch.commit(works)):
        yield
