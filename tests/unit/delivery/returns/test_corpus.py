"""How many mails of the corpus are told for what they are; printed by class with `pytest -s`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

import pytest

from senet.delivery.bounces import classify
from senet.delivery.returns.reading import read_report
from tests.unit.delivery.returns.corpus import Case, list_cases

CASES = list_cases()
Label = str


def _label(kind: str, bounce_class: str | None, category: str | None) -> Label:
    return f"{bounce_class}, {category}" if bounce_class else kind


def _expected(case: Case) -> Label:
    return _label(case.kind, case.bounce_class, case.category)


def _found(case: Case) -> Label:
    report = read_report(case.mail)
    if report.outcome is None:
        return _label(report.kind, None, None)
    bounce = classify(report.outcome)
    return _label(report.kind, bounce.bounce_class, bounce.category)


def _write_table(pairs: Iterable[tuple[Label, Label]]) -> str:
    pairs = list(pairs)
    right = Counter(expected for expected, found in pairs if expected == found)
    expected, found = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    lines = [f"{'class':44} cases  precision  recall"]
    for label in sorted(expected | found):
        precision = right[label] / found[label] if found[label] else 0.0
        recall = right[label] / expected[label] if expected[label] else 0.0
        lines.append(f"{label:44} {expected[label]:5}  {precision:9.2f}  {recall:6.2f}")
    return "\n".join(lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mail_of_the_corpus_is_told_for_what_it_is(case: Case) -> None:
    assert _found(case) == _expected(case)


def test_precision_and_recall_are_printed_for_each_class() -> None:
    table = _write_table((_expected(case), _found(case)) for case in CASES)
    sys.stdout.write(f"\n{len(CASES)} mails\n{table}\n")
    assert all(line.split()[-2:] == ["1.00", "1.00"] for line in table.splitlines()[1:]), table
