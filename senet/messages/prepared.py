"""How senders use PostgreSQL: prepared statements, because each repeats a few thousands of times, and short locks.

Django's own cursor writes the parameters into the text, so that PostgreSQL would plan every repetition anew.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

import senet.messages
from senet.shared.sql import Parameters, load_sql

# A plan that is kept for hours must not depend on how few rows there were when it was made.
_KEEP_PLANS = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off"


def fetch_prepared(name: str, parameters: Parameters, *, prepare: bool = True) -> Sequence[tuple[Any, ...]]:
    """Run one of this room's statements on Django's connection, in its transaction, and return the rows.

    Without `prepare` it is planned each time, for the parameters as they are.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        if prepare:
            _allow_prepared(connection.connection, cursor)
        cursor.execute(load_sql(senet.messages, name).encode(), parameters, prepare=prepare, binary=True)
        return cursor.fetchall()


def _allow_prepared(raw: psycopg.Connection[Any], cursor: psycopg.Cursor[Any]) -> None:
    """Let a connection prepare what asks for it. Django's connections prepare nothing, whatever they are told."""
    if raw.prepare_threshold is None:
        cursor.execute(_KEEP_PLANS)
        raw.prepare_threshold = sys.maxsize


def end_if_asleep() -> None:
    """Have PostgreSQL end this transaction when its process sleeps in the middle: others need the rows it holds."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")
