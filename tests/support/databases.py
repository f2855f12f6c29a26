"""Copies and drops of test databases."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql


def with_database(name: str) -> str:
    """Return the test server's URL for one of its databases."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


def admin_url() -> str:
    """Return the URL that databases are made through."""
    return with_database("postgres")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock between the suite's workers."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def copy_database(template: str, name: str) -> None:
    """Make a database as a copy of another that nobody is connected to."""
    with (
        locked(Path(os.environ["SENET_TEST_ROOT"]) / "copy.lock"),
        psycopg.connect(admin_url(), autocommit=True) as admin,
    ):
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(name: str) -> None:
    """Remove a database and whoever is still connected to it."""
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection be one to another database of the test server meanwhile."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def wait_for_older_transactions(seconds: float = 120) -> None:
    """Wait until every transaction that began before now has ended, in the suite's other databases too.

    The readers of logs go no further than the oldest transaction of the whole server, so that a test of another pytest
    process may hold them up. In a test that is itself one transaction there is nothing to wait for.
    """
    if connection.in_atomic_block:
        return
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (here,) = cursor.fetchone()
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > %s", [here])
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError(f"A transaction has been open for {seconds} s.")
