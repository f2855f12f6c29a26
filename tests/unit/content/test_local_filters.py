"""Dates, times and numbers are written as the recipient reads them, whatever is in the record."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liquid.exceptions import LiquidError

from senet.content.language.budget import RenderState
from senet.content.language.environment import text_environment
from senet.content.language.program import compile_template, write_text

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def write(source: str, language: str = "", zone: str = "", *, email_language: str = "en", **scope: Any) -> str:
    contact = {"language": language, "time_zone": zone}
    state = RenderState({"contact": contact, "now": NOW, **scope}, NOW, email_language)
    text = write_text(compile_template(source, text_environment()), state, html=False)
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("template", "language", "zone", "expected"),
    [
        ("{{ now | local_date }}", "en-GB", "", "1 March 2026"),
        ("{{ now | local_date }}", "en-US", "Asia/Tokyo", "March 2, 2026"),
        ("{{ now | local_date: 'full' }}", "de", "Europe/Berlin", "Montag, 2. März 2026"),
        ("{{ now | local_date: 'MMMd' }}", "de", "", "1. März"),
        ("{{ now | local_date: 'EEEE' }}", "fr-CH", "", "dimanche"),
        ("{{ now | local_time }}", "en-US", "America/New_York", "6:30 PM"),
        ("{{ now | local_time }}", "de-DE", "Europe/Berlin", "00:30"),
        ("{{ now | local_datetime: 'short' }}", "fr", "Europe/Paris", "02/03/2026 00:30"),
        ("{{ now | local_datetime: 'short', 'Asia/Tokyo' }}", "fr", "Europe/Paris", "02/03/2026 08:30"),
        ("{{ '2026-12-24' | local_date }}", "de", "Asia/Tokyo", "24. Dezember 2026"),
        ("{{ '2026-12-24' | local_datetime: 'long' }}", "de", "Pacific/Honolulu", "24. Dezember 2026"),
        ("{{ '2026-12-24T23:00:00Z' | local_date }}", "de", "Europe/Berlin", "25. Dezember 2026"),
        ("{{ 0 | local_date }}", "en-GB", "", "1 January 1970"),
        ("{{ 1234567.5 | local_number }}", "de", "", "1.234.567,5"),
        ("{{ '1234.5' | local_number: 2 }}", "en", "", "1,234.50"),
        ("{{ 1234.5 | local_number: 0 }}", "fr", "", "1 234"),
        ("{{ 0.256 | local_percent }}", "de", "", "26 %"),
        ("{{ 0.256 | local_percent: 1 }}", "tr", "", "%25,6"),
        ("{{ 1234.5 | currency: 'EUR' }}", "de", "", "1.234,50 €"),
        ("{{ 1234.5 | currency: 'USD' }}", "en-US", "", "$1,234.50"),
        ("{{ 1234 | currency: 'JPY' }}", "ja", "", "￥1,234"),
    ],
)
def test_a_value_is_written_in_the_readers_language_and_zone(
    template: str, language: str, zone: str, expected: str
) -> None:
    assert write(template, language, zone) == expected


def test_an_unknown_language_or_zone_falls_back_to_the_emails_language_and_utc() -> None:
    assert write("{{ now | local_datetime: 'short' }}", "xx-YY", "Mars/Olympus", email_language="de") == (
        "01.03.26, 23:30"
    )
    assert write("{{ now | local_date }}", "", "", email_language="nonsense") == "March 1, 2026"
    assert write("{{ now | local_date }}", "../../etc", "../../../etc/passwd") == "March 1, 2026"


@pytest.mark.parametrize("value", ["", "soon", None, True, [], {}, "1e99999999", "NaN", "Infinity"])
def test_what_is_no_date_or_number_comes_back_as_it_is(value: object) -> None:
    shown = write("{{ x }}", x=value)
    for name in ("local_date", "local_time", "local_datetime", "local_number", "local_percent"):
        assert write(f"{{{{ x | {name} }}}}", x=value) == shown
    assert write("{{ nothing | currency: 'EUR' }}") == ""


@pytest.mark.parametrize(
    "template",
    [
        "{{ 1 | currency }}",
        "{{ 1 | currency: 'euro' }}",
        "{{ now | local_date: 'XXXX!' }}",
        "{{ now | local_date: big }}",
        "{{ now | local_datetime: 'short', 'Nowhere/At_All' }}",
    ],
)
def test_a_pattern_or_currency_that_is_none_is_an_error_with_a_sentence(template: str) -> None:
    with pytest.raises(LiquidError) as caught:
        write(template, big="y" * 10_000)
    assert str(caught.value.args[0])


@given(
    st.sampled_from(["local_date", "local_time", "local_datetime", "local_number", "local_percent"]),
    st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.decimals(), st.dates(), st.none()),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_no_record_makes_a_filter_fail_otherwise_than_as_an_error_of_liquid(
    name: str, value: float | Decimal | date | str | None, language: str, zone: str
) -> None:
    with contextlib.suppress(LiquidError):
        assert len(write(f"{{{{ x | {name} }}}}", language, zone, x=value)) < 1_000
