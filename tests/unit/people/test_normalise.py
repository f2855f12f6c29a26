"""One rule a kind of value."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.people.custom import Definition, check_value, parse_value
from senet.people.normalise import (
    BadValue,
    clean_text,
    normalise_country,
    normalise_email,
    normalise_language,
    normalise_phone,
    normalise_time_zone,
    parse_boolean,
    parse_date,
    parse_datetime,
    parse_number,
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" ada@example.com ", "ada@example.com"),
        ("Ada.L+tag@Sub.Example.co.uk", "Ada.L+tag@Sub.Example.co.uk"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("ünal@münchen.de", "ünal@münchen.de"),
        ("a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"),
    ],
)
def test_an_address_is_kept_as_it_came(text: str, kept: str) -> None:
    assert normalise_email(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "@", "a@", "@b.de", "a@b", "a@b.c", "a..b@c.de", ".a@b.de", "a.@b.de", "a b@c.de", "a@b c.de",
        "a@-b.de", "a@b-.de", "a@b..de", "a@b.de.", "a@@b.de", "a@b@c.de", "<a@b.de>", "Ada <a@b.de>", "a,b@c.de",
        "a;b@c.de", '"a"@b.de', "a@b.de\nBcc: c@d.de", "a@b.de\r\n.", "a\0@b.de", "a@[127.0.0.1]",
        "a@127.0.0.1", "a@b.123",
        "x" * 65 + "@b.de", "a@" + "b" * 64 + ".de", "a@" + "b." * 130 + "de", "a\u2028b@c.de", "a@b.de\ud800",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        normalise_email(text)


@given(st.text())
def test_an_address_that_is_kept_can_do_no_harm_in_a_header(text: str) -> None:
    try:
        kept = normalise_email(text)
    except BadValue:
        return
    assert len(kept) <= 254
    assert not set(kept) & set(' \r\n\0<>,;:"')
    assert normalise_email(kept) == kept


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("+49 (30) 123-456", "", "+4930123456"),
        ("0049 30 123456", "", "+4930123456"),
        ("030 123456", "DE", "+4930123456"),
        ("(650) 253-0000", "US", "+16502530000"),
    ],
)
def test_a_phone_number_becomes_e164(text: str, country: str, kept: str) -> None:
    assert normalise_phone(text, country) == kept


@pytest.mark.parametrize("text", ["030 123456", "call me", "+999 123456789", "+49", "+49" + "1" * 20, "=1+1"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        normalise_phone(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("de", "DE"), ("DEU", "DE"), ("Germany", "DE"), (" deutschland ", "DE"), ("Allemagne", "DE"), ("UK", "GB"),
     ("United States", "US"), ("usa", "US"), ("日本", "JP"), ("Ivory Coast", None), ("ZZ", None),
     ("EU", None), ("", None)],
)  # fmt: skip
def test_a_country_becomes_its_code(text: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(BadValue):
            normalise_country(text)
    else:
        assert normalise_country(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("DE", "de"),
        ("pt_br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("es-419", "es-419"),
    ],
)
def test_a_language_becomes_its_tag(text: str, kept: str) -> None:
    assert normalise_language(text) == kept


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (normalise_language, "xx"), (normalise_language, "de-DE-DE-DE"), (normalise_language, "C"),
        (normalise_time_zone, "Berlin"), (normalise_time_zone, "../../etc/passwd"), (normalise_time_zone, ""),
        (parse_boolean, "perhaps"), (parse_number, "nan"), (parse_number, "inf"), (parse_number, "1e400"),
        (parse_number, "1,5"), (parse_number, "1_000"), (parse_number, "."), (parse_number, "9" * 400),
        (parse_date, "2026-02-30"), (parse_date, "31/12/2026"), (parse_date, "2026-W01-1"),
        (parse_date, "20261231"), (parse_datetime, "noon"),
        (parse_datetime, "0001-01-01T00:00:00+23:00"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(BadValue):
        read(text)


def test_values_are_read_in_their_usual_spellings() -> None:
    assert normalise_time_zone("europe/berlin") == "Europe/Berlin"
    assert [parse_boolean(word) for word in ("Yes", "0", "JA", "false")] == [True, False, True, False]
    assert [parse_number(word) for word in ("12", "-1.5", "1e3")] == [12, -1.5, 1000.0]
    assert [parse_date(word) for word in ("2026-12-31", "1.2.2026")] == ["2026-12-31", "2026-02-01"]
    assert parse_datetime("2026-12-31T23:00:00+02:00") == "2026-12-31T21:00:00Z"
    assert parse_datetime("2026-12-31 23:00") == "2026-12-31T23:00:00Z"


def test_a_text_is_trimmed_and_put_on_one_line() -> None:
    assert clean_text(" Main Street\r\nFlat 4\t") == "Main Street Flat 4"
    assert clean_text("two\nlines", breaks=True) == "two\nlines"
    for text in ("bell\a", "esc\x1b[31m", "line\u2028separator"):
        with pytest.raises(BadValue):
            clean_text(text)


CHOICES = Definition("tier", "choices", ("Gold", "Silver"))


def test_choices_are_those_of_the_definition() -> None:
    assert parse_value(Definition("tier", "choice", ("Gold",)), " gold ") == "Gold"
    assert parse_value(CHOICES, "silver; Gold|silver") == ["Silver", "Gold"]
    assert check_value(CHOICES, ["gold"]) == ["Gold"]
    with pytest.raises(BadValue):
        parse_value(CHOICES, "Bronze")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", True),
        ("number", [1]),
        ("boolean", 1),
        ("choices", [1]),
        ("text", 5),
        ("date", 20261231),
        ("number", 1e99),
    ],
)
def test_a_json_value_has_its_columns_kind(kind: str, value: object) -> None:
    with pytest.raises(BadValue):
        check_value(Definition("x", kind, ("a",)), value)
