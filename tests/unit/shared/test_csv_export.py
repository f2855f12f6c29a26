"""CSV that no spreadsheet executes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.shared.csv_export import format_csv, neutralise, restore


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_a_formula_becomes_text(text: str) -> None:
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize("value", ["", "a=1", "ada@example.com", "'quoted", 5, -5, 1.5, None, True])
def test_what_is_no_formula_stays(value: object) -> None:
    assert neutralise(value) == value


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2), max_size=30))
def test_a_file_reads_back_as_it_was(rows: list[list[str]]) -> None:
    data = b"".join(format_csv(["a", "b"], rows))
    text = data.decode("utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbf")
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert [[restore(cell) for cell in row] for row in back[1:]] == [[restore(cell) for cell in row] for row in rows]
    assert not any(cell[:1] in "=+-@\t\r\n" for row in back for cell in row if cell)


def test_safety_can_be_switched_off() -> None:
    assert b"".join(format_csv(["a"], [["=1"]], safe=False)).endswith(b"\r\n=1\r\n")


def test_values_are_written_as_people_read_them() -> None:
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    (body,) = list(format_csv(["a"], [[True, None, moment, ["x", "y"], -5]]))[1:]
    assert body == b"a\r\ntrue,,2026-01-02T03:04:00+00:00,x; y,-5\r\n"


def test_a_long_file_comes_in_pieces() -> None:
    pieces = list(format_csv(["n"], ([n] for n in range(2_000))))
    assert len(pieces) > 3
    assert max(len(piece) for piece in pieces) < 10_000
