"""KPIs are values: complete, explained, and reckoned as the glossary says."""

from __future__ import annotations

from pathlib import Path

import pytest

from senet.insights.kpis import EMAIL_KPIS, KPIS, Kpi
from senet.insights.kpis.values import Counts, Ratio, Sum, Total, UniqueLinks, UniqueMessages, evaluate
from senet.insights.reference import make_page
from senet.interactions.types import TYPES

_ROOT = Path(__file__).resolve().parents[3]
NOTHING = Counts({}, {}, {})


@pytest.mark.parametrize("kpi", KPIS.values(), ids=lambda kpi: kpi.key)
def test_a_kpi_has_words_and_refers_to_what_exists(kpi: Kpi) -> None:
    assert kpi.description.endswith(".")
    assert kpi.appears
    match kpi.expression:
        case Total(types) | UniqueMessages(types) | UniqueLinks(types):
            assert set(types) <= TYPES.keys()
        case Sum(plus, minus):
            assert {*plus, *minus} <= KPIS.keys()
        case Ratio(numerator, denominator):
            assert {numerator, denominator} <= KPIS.keys()


def test_keys_are_unique_across_pages() -> None:
    assert len(KPIS) == len({kpi.name for kpi in KPIS.values()})


def test_the_page_is_what_the_registry_says() -> None:
    page = (_ROOT / "docs/reference/kpis.md").read_text(encoding="utf-8")
    assert page == make_page(), "Run: python -m senet.insights.reference > docs/reference/kpis.md"


def test_a_rate_of_nothing_has_no_value() -> None:
    rates = [kpi for kpi in EMAIL_KPIS if kpi.unit == "ratio"]
    assert rates
    assert all(evaluate(kpi, KPIS, NOTHING) is None for kpi in rates)


def test_counts_of_nothing_are_zero() -> None:
    assert {evaluate(kpi, KPIS, NOTHING) for kpi in EMAIL_KPIS if kpi.unit == "count"} == {0}


def test_sent_splits_into_delivered_bounced_and_awaited() -> None:
    events = {
        "EmailSent": 100, "EmailDelivered": 80, "EmailHardBounced": 5, "EmailSoftBounced": 4, "EmailBlockBounced": 1,
        "EmailHardRemoteBounced": 2, "EmailBlockedByUser": 7, "EmailSendingFailed": 3,
    }  # fmt: skip
    counts = Counts(events, {}, {})
    value = {key: evaluate(kpi, KPIS, counts) for key, kpi in KPIS.items()}
    assert (value["delivered"], value["hard_bounces"], value["bounces"], value["awaiting"]) == (78, 7, 12, 10)
    assert value["targeted"] == 110
    assert value["delivery_rate"] == 0.78
