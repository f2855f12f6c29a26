"""Writes docs/reference/journey-checks.md: `python -m senet.journeys.reference > docs/reference/journey-checks.md`."""

from __future__ import annotations

import sys

from senet.journeys.check_codes import CODES, GROUPS, CheckCode

_HEAD = """# What the check of a journey finds

*Check for errors* looks at everything at once and changes nothing; going live runs it again. Each finding has a code, a
sentence that names what it is about, the place (`name`, `end_at`, `tiles.3`) and advice. A tile, and the journey, is
*Valid*, *Warning* or *Error* by the worst of its findings; only errors forbid going live.

This page is generated from `senet/journeys/check_codes.py`.
"""


def make_page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for group, title in GROUPS.items():
        rows = [each for each in CODES.values() if each.concerns == group]
        parts.append(f"\n## {title}\n\n| code | severity | what it finds | what to do |\n|---|---|---|---|\n")
        parts.extend(_make_row(each) for each in rows)
    return "".join(parts)


def _make_row(each: CheckCode) -> str:
    return f"| `{each.code}` | {' or '.join(each.severities)} | {each.finds} | {each.advice} |\n"


if __name__ == "__main__":
    sys.stdout.write(make_page())
