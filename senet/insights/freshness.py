"""How fresh the numbers are."""

from __future__ import annotations

from datetime import datetime

import senet.insights
from senet.shared.sql import fetch_all


def find_as_of(*streams: str) -> datetime | None:
    """Return the moment up to which everything committed is counted, or None when nothing was shipped yet."""
    ((moment,),) = fetch_all(senet.insights, "find_as_of", {"streams": list(streams)})
    return moment if isinstance(moment, datetime) else None
