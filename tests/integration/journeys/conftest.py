"""The engine commits by itself and reads only what has been committed, so its tests empty the tables themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog
from django.db import connection
from pytest_django import DjangoDbBlocker

from senet.interactions import shipper
from tests.support.clickhouse import empty_clickhouse
from tests.support.journeys import World

_KEPT = ("django_migrations", "django_content_type", "engine_position")


# Only what holds something is emptied: to truncate a table costs milliseconds, and there are many.
_EMPTY = """
DO $$ DECLARE
    name text;
    found boolean;
    filled text[] := '{}';
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (ARRAY[%s]) LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %%I)', name) INTO found;
        IF found THEN filled := filled || quote_ident(name); END IF;
    END LOOP;
    IF filled <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE'; END IF;
END $$
"""


def _empty_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY % ", ".join(f"'{name}'" for name in _KEPT))
        cursor.execute("UPDATE engine_position SET upto_xid = NULL, last_id = 0")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database in which commits are real; empty again afterwards."""
    with django_db_blocker.unblock():
        _empty_tables()
        yield
        _empty_tables()


@pytest.fixture
def world(committed: None) -> World:
    """Journeys on a virtual clock, in an empty database."""
    return World()


@pytest.fixture
def quiet() -> Iterator[None]:
    """No log below an error: what a test with thousands of ticks would print is kept by pytest."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.configure(**before)


@pytest.fixture
def shipping(committed: None) -> Iterator[None]:
    """An empty ClickHouse to ship to."""
    empty_clickhouse()
    yield
    shipper.stop()
