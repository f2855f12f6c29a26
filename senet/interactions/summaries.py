"""Keeps the stretches that were written last in the indexes of the log, the ledger and the changes of membership.

Their indexes on transaction ids hold one summary for many pages (BRIN), and new pages get theirs from autovacuum, a
minute later. Until then every reader reads all of them: with a million rows that is 40 ms for each look, and a tick
looks once a chunk.
"""

from __future__ import annotations

import structlog
from django.db import DatabaseError, connection, transaction

import senet.interactions
from senet.shared.sql import fetch_all

log = structlog.get_logger(__name__)

_WORTH_BYTES = 1024**2  # what is less is read in no time


class Summaries:
    """Summarises what has grown since it last looked. Any number of processes may do so at once."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def refresh(self) -> int:
        """Summarise the pages that have no summary yet, and return their stretches' number."""
        added = 0
        for index, size in fetch_all(senet.interactions, "list_stretch_indexes"):
            if abs(size - self._seen.get(index, 0)) >= _WORTH_BYTES:
                added += _summarise(index)
                self._seen[index] = size
        return added


def _summarise(index: int) -> int:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")  # whoever holds it is doing it
            cursor.execute("SELECT brin_summarize_new_values(%s::oid::regclass)", [index])
            return int(cursor.fetchone()[0])
    except DatabaseError as error:  # a partition that was dropped meanwhile, a lock, a role that owns no tables
        log.debug("not_summarised", index=index, error=str(error))
        return 0
