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

# A plan is kept for hours, and must not depend on how few rows there were, or seemed to be, when it was made: each of
# these statements looks up by key and follows one index in its order, whatever the planner believes.
_PLAN_ONCE = "; ".join(
    ["SET plan_cache_mode = force_generic_plan"]
    + [f"SET enable_{way} = off" for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort")]
)


def fetch_prepared(name: str, parameters: Parameters) -> Sequence[tuple[Any, ...]]:
    """Run one of this room's statements on Django's connection, in its transaction, and return the rows."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        _allow_prepared(connection.connection, cursor)
        cursor.execute(load_sql(senet.messages, name).encode(), parameters, prepare=True, binary=True)
        return cursor.fetchall()


def _allow_prepared(raw: psycopg.Connection[Any], cursor: psycopg.Cursor[Any]) -> None:
    """Let a connection prepare what asks for it. Django's connections prepare nothing, whatever they are told."""
    if raw.prepare_threshold is None:
        cursor.execute(_PLAN_ONCE)
        raw.prepare_threshold = sys.maxsize


def end_if_asleep() -> None:
    """Have PostgreSQL end this transaction when its process sleeps in the middle: others need the rows it holds."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")
