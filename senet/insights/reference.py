"""Writes docs/reference/kpis.md: `python -m senet.insights.reference > docs/reference/kpis.md`."""

from __future__ import annotations

import sys

from senet.insights.kpis import EMAIL_KPIS, TILE_KPIS, Kpi
from senet.insights.kpis.values import Column, Ratio, Sum, Total, UniqueLinks, UniqueMessages

_HEAD = """# KPIs

Every number on an insights page, what it means and how it is reckoned. Rates are shares of the whole population, never
averages of rates; a rate without a denominator has no value. Test sends count nowhere, nor does anybody who does not
allow tracking. Opens and clicks can be counted with or without robots and proxies.

This page is generated from `senet/insights/kpis`; the same words are the tooltips and the API's glossary.
"""


def make_page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for title, kpis in (("Emails", EMAIL_KPIS), ("Journey tiles", TILE_KPIS)):
        parts.append(f"\n## {title}\n\n| KPI | meaning | reckoned as | shown on |\n|---|---|---|---|\n")
        parts.extend(_make_row(kpi) for kpi in kpis)
    return "".join(parts)


def _make_row(kpi: Kpi) -> str:
    return f"| **{kpi.name}** `{kpi.key}` | {kpi.description} | {_explain(kpi)} | {', '.join(kpi.appears)} |\n"


def _explain(kpi: Kpi) -> str:
    match kpi.expression:
        case Total(types):
            said = "every interaction of the group *Email not sent*" if len(types) > 5 else "every " + _join(types)
        case UniqueMessages(types):
            said = "messages with " + _join(types)
        case UniqueLinks(types):
            said = "pairs of message and link with " + _join(types)
        case Sum(plus, minus):
            said = " + ".join(f"`{key}`" for key in plus) + "".join(f" − `{key}`" for key in minus)
        case Ratio(numerator, denominator):
            said = f"`{numerator}` ÷ `{denominator}`"
        case Column():
            said = "visits, by arrival"
    return said


def _join(types: tuple[str, ...]) -> str:
    return " or ".join(f"`{name}`" for name in types)


if __name__ == "__main__":
    sys.stdout.write(make_page())
