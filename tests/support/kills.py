"""Work that is killed at a statement of its own choosing: a process that splits off a worker for each try.

A worker does one piece of work (a tick until nothing is due, a stop, a go-live …) and, at the point that it was told,
sends itself SIGKILL: nothing is flushed, closed or rolled back, as when the kernel does it.
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from tests.support.databases import wait_for_older_transactions, with_database
from tests.support.statements import Point, at_statement

_ROOT = Path(__file__).parents[2]
_SPACE = 4096  # bytes that a worker shares with the process that waits for it


@dataclass(frozen=True, slots=True)
class Ended:
    """How a worker came to its end: by its own hand at a point, or because the work was done."""

    killed: bool
    points: int  # passed
    commits: int  # transactions that wrote something, before the end
    at: str  # the statement that was never sent


class Killer:
    """Runs work on this test's database in processes that kill themselves."""

    def __init__(self) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": with_database(str(connection.settings_dict["NAME"])),
            "DJANGO_SETTINGS_MODULE": "senet.config.settings",
        }
        self.killed_at: Counter[str] = Counter()  # the statements before which workers died
        self._begun = 0
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.support.kills"],
            env=environment,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, work: str, now: datetime, *, kill_at: int = 0, **arguments: Any) -> Ended:
        """Do a piece of work in a process of its own, which dies at the given point (0: lives)."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        order = {"work": work, "now": now.isoformat(), "kill_at": kill_at, "arguments": arguments}
        self._parent.stdin.write(json.dumps(order) + "\n")
        self._parent.stdin.flush()
        ended = Ended(**json.loads(self._parent.stdout.readline()))
        if ended.killed:
            self.killed_at[Point(0, ended.at, 0).title] += 1
        return ended

    def act(self, work: str, now: datetime, *, stride: int = 1, **arguments: Any) -> None:
        """Do something that is one transaction, killed at each of its points (or each `stride`th) until it is done."""
        kill_at = self._begin(stride)
        while self.run(work, now, kill_at=kill_at, **arguments).commits == 0:
            kill_at += stride

    def tick(self, now: datetime, *, stride: int = 1, **arguments: Any) -> None:
        """Tick until nothing is due, killed at each point (or each `stride`th) of every transaction in turn."""
        kill_at = self._begin(stride)
        while True:
            wait_for_older_transactions()  # the dead worker's server process has noticed
            ended = self.run("tick", now, kill_at=kill_at, **arguments)
            if not ended.killed:
                return
            kill_at = self._begin(stride) if ended.commits else kill_at + stride

    def _begin(self, stride: int) -> int:
        """Return the first point to die at, another one each time, so that a stride misses no statement for ever."""
        self._begun += 1
        return 1 + self._begun % stride

    def close(self) -> None:
        """End the process that the workers come from."""
        self._parent.communicate()


class Calm:
    """Does the same work here and undisturbed; remembers the statements that it passed."""

    def __init__(self) -> None:
        self.passed: set[str] = set()

    def act(self, work: str, now: datetime, *, stride: int = 1, **arguments: Any) -> None:  # noqa: ARG002
        """Do something that is one transaction."""
        wait_for_older_transactions()
        with at_statement(lambda point: self.passed.add(point.title)):
            _WORK[work](now, **arguments)

    def tick(self, now: datetime, **arguments: Any) -> None:
        """Tick until nothing is due."""
        self.act("tick", now, **arguments)


# -- in the process ------------------------------------------------------------------------------------------------


def _tick(now: datetime, chunk: int) -> None:
    from senet.journeys.engine import due_work, tick

    while due_work(now):
        if not tick(now, chunk=chunk).moved:
            time.sleep(0.005)  # a dead worker's server process still holds what is left


def _call(now: datetime, journey: int, stretch: int) -> None:
    from senet.journeys.enrolment import call_audience

    call_audience(journey, now, stretch=stretch)


def _go_live(now: datetime, journey: int) -> None:
    from senet.journeys import actions

    actions.go_live(journey, now=now)


def _stop(now: datetime, journey: int) -> None:
    from senet.journeys import actions

    actions.stop(journey, now=now)


def _edit(now: datetime, journey: int) -> None:
    from senet.journeys import actions

    actions.edit(journey, now=now)


def _request_go_live(now: datetime, journey: int) -> None:
    from senet.journeys import actions

    actions.request_go_live(journey, now=now)


def _update(now: datetime, journey: int, values: dict[str, Any]) -> None:
    from senet.journeys import actions

    actions.update_journey(journey, values, now=now)


def _confirm(now: datetime, message: int, version: int) -> None:
    from senet.door.confirming import give_answer
    from senet.door.values import Visitor
    from senet.shared.tokens import LinkToken

    give_answer(LinkToken(message, version, 0), "en", Visitor(), now)


def _queue_confirmations(now: datetime) -> None:
    from senet.confirmations.mailing import queue_mails

    queue_mails(now)


_WORK: dict[str, Callable[..., None]] = {
    "tick": _tick,
    "call": _call,
    "go_live": _go_live,
    "stop": _stop,
    "edit": _edit,
    "request_go_live": _request_go_live,
    "update": _update,
    "confirm": _confirm,
    "queue_confirmations": _queue_confirmations,
}


class _Suicide:
    """Counts the points for whoever waits, and dies at one of them."""

    def __init__(self, shared: mmap.mmap, kill_at: int) -> None:
        self.shared, self.kill_at = shared, kill_at

    def __call__(self, point: Point) -> None:
        dies = point.number == self.kill_at
        note = json.dumps({"killed": dies, "points": point.number, "commits": point.commits, "at": point.text[:200]})
        self.shared.seek(0)
        self.shared.write(note.encode().ljust(_SPACE))
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)


def _run(order: dict[str, Any], shared: mmap.mmap) -> None:
    with at_statement(_Suicide(shared, order["kill_at"])):
        _WORK[order["work"]](datetime.fromisoformat(order["now"]), **order["arguments"])


def _serve() -> None:
    from senet.journeys import actions, engine  # noqa: F401  loaded before the workers split off

    shared = mmap.mmap(-1, _SPACE)
    for line in sys.stdin:
        shared.seek(0)
        shared.write(json.dumps({"killed": False, "points": 0, "commits": 0, "at": ""}).encode().ljust(_SPACE))
        worker = os.fork()
        if worker == 0:
            _run(json.loads(line), shared)
            os._exit(0)
        _, status = os.waitpid(worker, 0)
        shared.seek(0)
        ended = json.loads(shared.read(_SPACE))
        expected = -signal.SIGKILL if ended["killed"] else 0
        assert os.waitstatus_to_exitcode(status) == expected, f"The worker failed: {line}"
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    import logging

    import django
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    django.setup()
    from senet.journeys import ab_tests
    from tests.support.ab_tests import Halves

    ab_tests.register(Halves())
    _serve()
