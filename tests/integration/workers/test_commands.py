"""The commands that an operator types, on a database of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]


class Operator:
    """Types `senet …` and reads what it prints."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.url = database_url
        self.environment = {**os.environ, "DATABASE_URL": database_url, "SENET_DATA": str(folder / "data")}

    def type(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "senet", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement.encode()).fetchall()


@pytest.fixture
def operator(tmp_path: Path, fresh_database: Callable[[], str]) -> Operator:
    return Operator(tmp_path, fresh_database())


def test_contacts_are_imported_and_the_refused_rows_come_back_with_reasons(operator: Operator, tmp_path: Path) -> None:
    operator.type("create-user", "admin@example.org", "--role", "administrator", "--generate-password")
    people = tmp_path / "people.csv"
    people.write_text("Mail,First name\nann@example.org,Ann\nnot an address,Bob\n", encoding="utf-8")
    printed = operator.type("import", "contacts", str(people), "--map", "Mail=email", "--map", "First name=first_name")
    assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 rejected." in printed
    assert operator.ask("SELECT email, first_name FROM contact") == [("ann@example.org", "Ann")]
    report = (tmp_path / "people.rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(report) == 2
    assert "not an address" in report[1]


def test_an_import_needs_somebody_to_act_for(operator: Operator, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email\nann@example.org\n", encoding="utf-8")
    assert "There is no administrator yet" in operator.type("import", "contacts", str(people), code=1)


def test_a_user_gets_a_key_when_asked_for(operator: Operator) -> None:
    printed = operator.type("create-user", "a@example.org", "--role", "viewer", "--api-key", "--generate-password")
    assert "API key: " in printed
    assert "Password: " in printed
    assert operator.ask("SELECT email, role FROM senet_user") == [("a@example.org", "viewer")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--role", "king", "--generate-password"], "There is no role 'king'. There are: administrator,"),
        (["--role", "viewer", "--password", "short"], "password"),
    ],
)
def test_what_a_user_cannot_be_is_told(operator: Operator, words: list[str], sentence: str) -> None:
    assert sentence in operator.type("create-user", "a@example.org", *words, code=1)


def test_the_apis_description_is_printed(operator: Operator) -> None:
    described = json.loads(operator.type("openapi"))
    assert "/api/v1/auth/login" in described["paths"]


def test_an_unknown_benchmark_is_told(operator: Operator) -> None:
    assert "There is no benchmark 'nothing'" in operator.type("bench", "nothing", code=1)


def test_the_audit_of_an_empty_house_is_clean(operator: Operator) -> None:
    report = json.loads(operator.type("audit", "--json"))
    assert report["clean"] is True
    assert report["checks"] != []


def test_a_database_that_does_not_answer_is_told(operator: Operator) -> None:
    operator.environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/senet"
    assert "PostgreSQL does not answer" in operator.type("audit", code=1)


def test_tables_that_were_never_made_are_told(operator: Operator) -> None:
    with psycopg.connect(operator.url) as connection:
        connection.execute("DROP TABLE visit CASCADE")
    assert "Run `senet migrate`." in operator.type("audit", code=1)
