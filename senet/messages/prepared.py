"""How senders use PostgreSQL: prepared statements, because each repeats a few thousands of times, and short locks.

Django's own cursor writes the parameters into the text, so that PostgreSQL would plan every repetition anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

import senet.messages
from senet.shared.sql import Parameters, load_sql


def fetch_prepared(name: str, parameters: Parameters, *, prepare: bool = True) -> Sequence[tuple[Any, ...]]:
    """Run one of this room's statements on Django's connection, in its transaction, and return the rows.

    Without `prepare` it is planned each time, for the parameters as they are.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(load_sql(senet.messages, name).encode(), parameters, prepare=prepare)
        return cursor.fetchall()


def end_if_asleep() -> None:
    """Have PostgreSQL end this transaction when its process sleeps in the middle: others need the rows it holds."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")
