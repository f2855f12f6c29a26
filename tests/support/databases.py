"""Copies and drops of test databases."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
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
