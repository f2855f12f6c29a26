"""Where the engines are said to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from senet.embedded.urls import database_options, find_embedded_postgres_url, socket_folder


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40ss@db.example:5433/senet", ("senet", "u", "p@ss", "db.example", "5433")),
        ("postgresql://postgres@/senet?host=/run/pg&port=5432", ("senet", "postgres", "", "/run/pg", "5432")),
        ("postgres://db.example", ("senet", "", "", "db.example", "")),
    ],
)
def test_an_address_becomes_djangos_settings(url: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    options = database_options(url, tmp_path)
    assert tuple(options[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == expected


def test_other_words_of_an_address_reach_the_driver(tmp_path: Path) -> None:
    options = database_options("postgresql://db/senet?sslmode=require", tmp_path)
    assert options["OPTIONS"] == {"application_name": "senet", "sslmode": "require"}


def test_a_pool_is_made_only_when_asked_for(tmp_path: Path) -> None:
    assert "pool" not in database_options("", tmp_path)["OPTIONS"]
    assert database_options("", tmp_path, pool_size=9)["OPTIONS"]["pool"]["max_size"] == 9


def test_the_embedded_server_has_an_address_before_it_runs(tmp_path: Path) -> None:
    assert find_embedded_postgres_url(tmp_path) is None
    assert database_options("", tmp_path)["HOST"] == str(socket_folder(tmp_path / "postgres"))


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    long = tmp_path / ("a" * 60) / ("b" * 60) / "postgres"
    assert len(str(socket_folder(long))) < 80
    assert socket_folder(long) == socket_folder(long)
    assert socket_folder(long) != socket_folder(long.with_name("other"))
