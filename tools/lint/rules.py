"""The rules: each takes a file's path and text and returns its findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule at a place."""

    path: str
    line: int
    message: str


Rule = Callable[[str, str], Iterator[Finding]]

_DJANGO_SIGNAL = re.compile(r"^from django\.db\.models\.signals|^from django\.dispatch")
_CLOCK = re.compile(r"\bdatetime\.now\(|\btime\.time\(\)|\btimezone\.now\(")
_POSITIONAL = re.compile(r"(?<![%\w'])%s(?!\w)")
_VAGUE_NAMES = {"utils.py", "helpers.py", "misc.py", "common.py", "manager.py"}


def no_signals(path: str, text: str) -> Iterator[Finding]:
    """Django's signals act at a distance; call the function instead."""
    if path.startswith("senet/"):
        for number, line in enumerate(text.splitlines(), 1):
            if _DJANGO_SIGNAL.search(line):
                yield Finding(path, number, "no Django signals: call the function where the thing happens")


def one_clock(path: str, text: str) -> Iterator[Finding]:
    """`now` is a parameter; only shared/clock.py asks the time."""
    if path.startswith("senet/") and path.endswith(".py") and path != "senet/shared/clock.py":
        for number, line in enumerate(text.splitlines(), 1):
            if _CLOCK.search(line.split("#")[0]):
                yield Finding(path, number, "ask senet.shared.clock, at the edge, and pass `now` on")


def sql_files(path: str, text: str) -> Iterator[Finding]:
    """A header comment and named parameters."""
    if "/sql/" not in path or not path.endswith(".sql"):
        return
    if not text.startswith("--"):
        yield Finding(path, 1, "begin with a comment: what it does, reads, writes, locks, and the index it needs")
    if "parameter has no name" in text.split("\n", 1)[0]:  # a subquery of the ORM; the header says so
        return
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("--")[0]
        if _POSITIONAL.search(code):
            yield Finding(path, number, "use named parameters: %(name)s")


def names_say_something(path: str, text: str) -> Iterator[Finding]:  # noqa: ARG001  every rule takes both
    """No utils, helpers, misc, common, manager."""
    name = path.rsplit("/", 1)[-1]
    if name in _VAGUE_NAMES:
        yield Finding(path, 1, f"{name} says nothing: name it after what it does")


RULES: tuple[Rule, ...] = (no_signals, one_clock, sql_files, names_say_something)
