"""How fresh the numbers are, and numbers of several streams as of one moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import senet.insights
from senet.shared.sql import fetch_all

_ATTEMPTS = 10
_PAUSE_SECONDS = 0.03
Found = TypeVar("Found")


def find_as_of(*streams: str) -> datetime | None:
    """Return the moment up to which everything committed is counted, or None when nothing was shipped yet."""
    ((moment,),) = fetch_all(senet.insights, "find_as_of", {"streams": list(streams)})
    return moment if isinstance(moment, datetime) else None


def read_together(read: Callable[[], Found], *streams: str) -> Found:
    """Return what is read at a moment when some streams tell of the same transactions.

    Streams are shipped one after the other: between two of them somebody has arrived at a tile and not yet left the one
    before. Who reads then reads again; after a third of a second without a quiet moment, what there is will do.
    """
    for _ in range(_ATTEMPTS):
        before = _find_positions(streams)
        if len(set(before)) <= 1 and all(upto is None for _, upto in before):
            found = read()
            if _find_positions(streams) == before:
                return found
        time.sleep(_PAUSE_SECONDS)
    return read()


def _find_positions(streams: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(fetch_all(senet.insights, "find_positions", {"streams": list(streams)}))
