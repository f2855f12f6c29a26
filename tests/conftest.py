"""The suite's fixtures: a migrated database a worker, copies of it for tests that start processes."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tests.support.databases import admin_url, copy_database, drop_database, locked, with_database

_TEMPLATE = f"senet_template_{os.environ['SENET_TEST_OWNER']}"
_counter = itertools.count(1)
# How long drawing an example takes says something of the machine, not of the test.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")


def _make_template() -> None:
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE]).fetchone():
            return
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE + "_new")))
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = _TEMPLATE + "_new"
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(_TEMPLATE + "_new"), sql.Identifier(_TEMPLATE)
            )
        )


@pytest.fixture(scope="session")
def template_database(django_db_blocker: DjangoDbBlocker) -> str:
    """The migrated database that all others are copied from."""
    with locked(Path(os.environ["SENET_TEST_ROOT"]) / "template.lock"), django_db_blocker.unblock():
        _make_template()
    return _TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, worker_id: str) -> Iterator[None]:
    """Give Django this worker's own copy instead of a database of its own making."""
    name = f"senet_test_{os.environ['SENET_TEST_OWNER']}_{worker_id}"
    copy_database(template_database, name)
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    yield
    connections.close_all()
    drop_database(name)


@pytest.fixture
def fresh_database(template_database: str, worker_id: str) -> Iterator[Callable[[], str]]:
    """Return a maker of migrated, empty databases (their URLs), for tests that start real processes."""
    made: list[str] = []

    def make() -> str:
        name = f"senet_copy_{os.environ['SENET_TEST_OWNER']}_{worker_id}_{next(_counter)}"
        copy_database(template_database, name)
        made.append(name)
        return with_database(name)

    yield make
    for name in made:
        drop_database(name)
