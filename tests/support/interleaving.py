"""Somebody else does something exactly between two statements of a worker, over a connection of their own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from django.db import connection

from tests.support.statements import AFTER_COMMIT, Point, at_statement

Place = tuple[str, ...]  # a moment of a transaction: the statements up to it, and the one that comes next
_PATIENCE_SECONDS = 30


@dataclass
class Elsewhere:
    """Something that is done in another thread, on its own connection, as soon as it is told."""

    act: Callable[[], None]
    started: bool = False
    error: BaseException | None = None
    backend: int = 0
    ready: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        assert self.ready.wait(_PATIENCE_SECONDS), "there is no connection"

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = cursor.fetchone()[0]
            self.ready.set()
            self.go.wait()
            if self.started:
                self.act()
        except BaseException as error:  # noqa: BLE001  told to the test
            self.error = error
        finally:
            connection.close()

    def start(self) -> None:
        """Begin, and wait for the end unless a lock is in the way: then it ends after the worker."""
        self.started = True
        self.go.set()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as watcher:
            while self.thread.is_alive() and not _waits(watcher, self.backend):
                assert time.monotonic() < deadline, "it neither ends nor waits"
                self.thread.join(0.005)

    def finish(self) -> None:
        """Wait for the end; raise what was raised."""
        self.go.set()
        self.thread.join(_PATIENCE_SECONDS)
        assert not self.thread.is_alive(), "it waits for ever"
        if self.error is not None:
            raise self.error


def _waits(watcher: psycopg.Connection, backend: int) -> bool:
    row = watcher.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [backend]).fetchone()
    return row is not None and bool(row[0])


def list_places(work: Callable[[], None], marker: str) -> list[Place]:
    """Do the work and return the moments of the transaction in which a statement begins with `marker`."""
    transactions: list[list[str]] = [[]]

    def note(point: Point) -> None:
        transactions[-1].append(point.title)
        if point.text == AFTER_COMMIT:
            transactions.append([])

    with at_statement(note):
        work()
    found = next((each for each in transactions if any(title.startswith(marker) for title in each)), None)
    assert found is not None, f"no statement begins with {marker!r}"
    return [tuple(found[: length + 1]) for length in range(len(found))]


def interleave(work: Callable[[], None], place: Place, act: Callable[[], None]) -> None:
    """Do the work, and something else at the first moment that is such a place."""
    elsewhere = Elsewhere(act)
    passed: list[str] = []

    def hook(point: Point) -> None:
        passed.append(point.title)
        if tuple(passed) == place and not elsewhere.started:
            elsewhere.start()
        if point.text == AFTER_COMMIT:
            passed.clear()

    try:
        with at_statement(hook):
            work()
    finally:
        elsewhere.finish()
    assert elsewhere.started, "the work did not come to this place"
