"""Who uses a workflow. Rooms above this one register how to find out, so that this room need not know them.

A finder is given the kind ("workflow") and the id, and returns a problem for each live thing that uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from senet.shared.errors import Problem

Finder = Callable[[str, int], Sequence[Problem]]
_finders: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """Let a room say what of its own uses a workflow. Registering twice counts once."""
    if finder not in _finders:
        _finders.append(finder)


def find_usage(kind: str, record_id: int) -> list[Problem]:
    """Return a problem for each live thing that uses a record of this room."""
    return [problem for finder in _finders for problem in finder(kind, record_id)]
