"""The way to ClickHouse: one owner of a folder, clear sentences when there is none to ask."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings
from pytest_django.fixtures import Settings

from senet.interactions import clickhouse
from senet.interactions.errors import ClickHouseFolderBusy, ClickHouseUnavailable

_OPEN = """
import os, sys
os.environ["CLICKHOUSE_URL"] = sys.argv[1]
import django; django.setup()
from senet.interactions import clickhouse
try:
    clickhouse.get_client()
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.processes
def test_a_second_process_is_told_who_has_the_folder() -> None:
    clickhouse.get_client()
    told = subprocess.run(
        [sys.executable, "-c", _OPEN, settings.CLICKHOUSE_URL], capture_output=True, text=True, check=True
    ).stdout
    assert told.startswith(ClickHouseFolderBusy.__name__)
    assert "Ask the running app, or stop it first." in told


def test_a_server_that_is_not_there_is_unavailable(settings: Settings) -> None:
    settings.CLICKHOUSE_URL = "clickhouse://127.0.0.1:9/senet"
    with pytest.raises(ClickHouseUnavailable, match="does not answer") as caught:
        clickhouse.fetch_rows("SELECT 1")
    assert caught.value.status == 503


def test_statements_are_applied_once_and_in_order() -> None:
    clickhouse.get_client()
    applied = clickhouse.fetch_rows("SELECT room, name, count() FROM schema_statement GROUP BY 1, 2")
    assert {(room, name) for room, name, _ in applied} == {
        (room, name) for room, name, _ in clickhouse.list_schema_statements()
    }
    assert {count for _, _, count in applied} == {1}


def test_values_are_bound_and_never_spliced() -> None:
    hostile = "' OR 1 = 1 --\\'\n{x:String}"
    assert clickhouse.fetch_rows("SELECT {text:String}", {"text": hostile})[0][0] == hostile
