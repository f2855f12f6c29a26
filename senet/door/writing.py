"""How a batch of events gets into the log: its statement, its parameters, a connection of the door's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import psycopg
from django.db import connection as django_connection

import senet.door
from senet.door.values import Event, Visitor
from senet.shared.sql import load_sql

Connection = psycopg.Connection[tuple[object, ...]]
COLUMNS = (
    "type", "at", "message_id", "link", "version", "source", "referrer",
    "browser", "os", "device", "verdict", "rule", "user_agent",
)  # fmt: skip


def connect() -> Connection:
    """Return a connection of the door's own, outside Django's transactions."""
    parameters = {**django_connection.get_connection_params()}
    for name in ("cursor_factory", "context", "pool", "prepare_threshold"):
        parameters.pop(name, None)
    connection: Connection = psycopg.connect(**{**parameters, "connect_timeout": 3}, autocommit=True)
    connection.execute("SET statement_timeout = '15s'")
    connection.execute("SET plan_cache_mode = force_generic_plan")  # one plan does for batches of any size
    return connection


def write_events(connection: Connection, events: Sequence[Event], xid: list[str]) -> None:
    """Write events in one transaction; `xid` is told its id before it commits."""
    with connection.transaction():
        row = connection.execute(
            load_sql(senet.door, "record_events"), make_parameters(events), prepare=True
        ).fetchone()
        assert row is not None  # noqa: S101  one row always
        xid.append(str(row[0]))


def make_parameters(events: Sequence[Event]) -> dict[str, str]:
    """Return a batch's columns as array literals, in the order of their names.

    psycopg's own lists come to the same and take ten times as long.
    """
    columns = zip(*map(_make_row, events), strict=True)
    return {name: "{" + ",".join(column) + "}" for name, column in zip(COLUMNS, columns, strict=True)}


def _make_row(event: Event) -> tuple[str, ...]:
    return (
        event.type,
        event.at.isoformat(),
        str(event.message_id),
        "NULL" if event.link is None else str(event.link),
        "NULL" if event.email_version_id is None else str(event.email_version_id),
        f'"{event.source}"',
        _quote(event.referrer) if event.referrer else '""',
        *_quote_visitor(event.visitor),
    )


@lru_cache(maxsize=20_000)
def _quote_visitor(visitor: Visitor) -> tuple[str, ...]:
    texts = (visitor.browser, visitor.os, visitor.device, visitor.verdict, visitor.rule, visitor.user_agent)
    return tuple(map(_quote, texts))


def _quote(text: str) -> str:
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
