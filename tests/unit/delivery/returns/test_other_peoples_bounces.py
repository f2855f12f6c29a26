"""Bounces that others have received: the corpus of flufl.bounce, read where the system's package has put it.

`tools/ensure-mail-servers` installs it. The corpus says which mails are permanent failures, temporary ones or none.
It does not say of what class a failure is: `CLASSES` is a person's reading of those mails that give a reason; the
others are block bounces by definition. `pytest -s` prints precision and recall.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from senet.delivery.bounces import classify
from senet.delivery.returns.reading import read_report
from senet.delivery.returns.values import Kind, Report
from tests.support.returns import return_path

CORPUS = Path("/usr/lib/python3/dist-packages/flufl/bounce")
CLASSES = {
    "hard": "bounce_02 dsn_10 dsn_11 dsn_12 dsn_13 dsn_14 dsn_15 dsn_16 dsn_18 exim_01 groupwise_01 groupwise_02"
    " llnl_01 microsoft_01 microsoft_02 microsoft_04 postfix_01 qmail_03 qmail_04 qmail_05 simple_04"
    " simple_05 simple_06 simple_08 simple_11 simple_12 simple_13 simple_15 simple_19 simple_23 simple_25"
    " simple_26 simple_27 simple_29 simple_30 simple_33 simple_34 simple_36 simple_37 simple_39 simple_41"
    " smtp32_04 smtp32_06 smtp32_07 yahoo_11 yahoo_13 yale_01",
    "soft": "bounce_03 dsn_01 dsn_02 dsn_04 hotpop_01 netscape_01 newmailru_01 postfix_02 postfix_03 postfix_04"
    " qmail_02 qmail_06 qmail_07 sendmail_01 simple_01 simple_02 simple_07 simple_09 simple_14 simple_18"
    " simple_32 simple_38 simple_44 smtp32_01 smtp32_02 yahoo_01 yahoo_02 yahoo_03 yahoo_04 yahoo_05"
    " yahoo_06 yahoo_07 yahoo_08 yahoo_09",
    "block": "aol_01 dsn_03 dsn_09 microsoft_03 postfix_05 qmail_01 simple_10 simple_16 simple_17 simple_20"
    " simple_24 simple_31 simple_42 sina_01 smtp32_03 smtp32_05 yahoo_12",
}  # not: yahoo_10, whose two recipients failed for two reasons
A_REFUSAL = "simple_42"  # the corpus asks of it only that no address is found


@cache
def list_kinds() -> Mapping[str, Kind | None]:
    """What each mail is by the corpus' own list; None for what is no bounce."""
    listing = CORPUS / "testing" / "helpers.py"
    assert listing.exists(), "The corpus of bounces is not installed; run tools/ensure-mail-servers"
    rows = next(
        ast.literal_eval(node.value)
        for node in ast.parse(listing.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DATA"
    )
    found: dict[str, Kind | None] = {}
    for _, name, addresses, *temporary in rows:
        kind = None if not addresses else Kind.DELAY if temporary else Kind.BOUNCE
        found[name.removesuffix(".txt")] = found.get(name.removesuffix(".txt")) or kind
    found[A_REFUSAL] = Kind.BOUNCE
    return found


@cache
def read(name: str) -> Report:
    """What is made of one mail, come back to the return path of a message."""
    raw = (CORPUS / "tests" / "data" / f"{name}.txt").read_bytes()
    return read_report(raw, envelope_to=return_path(7))


def measure(expected: Mapping[str, str], found: Mapping[str, str]) -> dict[str, tuple[int, float, float]]:
    """Cases, precision and recall of each class."""
    right = Counter(label for name, label in expected.items() if found[name] == label)
    there, told = Counter(expected.values()), Counter(found.values())
    return {label: (there[label], right[label] / (told[label] or 1), right[label] / there[label]) for label in there}


def report(title: str, measured: Mapping[str, tuple[int, float, float]]) -> None:
    print(f"\n{title:18} mails  precision  recall")  # noqa: T201  -s shows it
    for label, (mails, precision, recall) in sorted(measured.items()):
        print(f"{label:18} {mails:5} {precision:10.2f} {recall:7.2f}")  # noqa: T201


def test_failures_for_good_and_for_now_are_told_apart_and_from_other_mail() -> None:
    kinds = {name: kind.value if kind else "other mail" for name, kind in list_kinds().items()}
    found = {name: read(name).kind.value for name in kinds}
    told = {name: kind if kind in {"bounce", "delay"} else "other mail" for name, kind in found.items()}
    measured = measure(kinds, told)
    report("kind", measured)
    assert len(kinds) >= 100
    for mails, precision, recall in measured.values():
        assert mails < 5 or (precision >= 0.97 and recall >= 0.97), {n: told[n] for n in kinds if told[n] != kinds[n]}


def test_the_class_of_a_failure_is_what_a_person_reads_in_it() -> None:
    expected = {name: label for label, names in CLASSES.items() for name in names.split()}
    assert {name for name, kind in list_kinds().items() if kind is Kind.BOUNCE} == {*expected, "yahoo_10"}
    outcomes = {name: read(name).outcome for name in expected}
    found = {name: classify(outcome).bounce_class.value if outcome else "none" for name, outcome in outcomes.items()}
    measured = measure(expected, found)
    report("class", measured)
    wrong = {name: (expected[name], found[name]) for name in expected if expected[name] != found[name]}
    assert measured["hard"][1] >= 0.97, wrong  # an address is given up: that must be right
    for _, precision, recall in measured.values():
        assert precision >= 0.7, wrong
        assert recall >= 0.85, wrong


@pytest.mark.parametrize("name", ["qmail_02", "qmail_07"])
def test_a_telephone_number_is_no_status_code(name: str) -> None:
    outcome = read(name).outcome
    assert outcome is not None
    assert (outcome.code, classify(outcome).category.value) == (554, "full-mailbox")
