"""Writes docs/reference/interaction-types.md: `python -m senet.interactions.reference > docs/reference/…`."""

from __future__ import annotations

import sys
from itertools import groupby

from senet.interactions.types import ALIASES, TYPES, InteractionType

_HEAD = """# Interaction types

An interaction is one fact of the log: written once, never changed. Every type has an id, a type, the moment it happened
(`at`) and the moment it was written down (`recorded_at`); the other columns it fills are listed here. Columns behind a
dot are keys of `detail`. A type marked *visits* has no row of its own: it is read from the ledger of visits.

This page is generated from `senet/interactions/types.py`.
"""


def make_page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for group, types in groupby(TYPES.values(), key=lambda one: one.group):
        parts.append(f"\n## {group}\n\n| type | meaning | columns |\n|---|---|---|\n")
        parts.extend(_make_row(one) for one in types)
    parts.append("\n## Other names\n\n")
    parts.extend(f"- `{alias}` is stored as `{name}`.\n" for alias, name in ALIASES.items())
    return "".join(parts)


def _make_row(one: InteractionType) -> str:
    columns = [f"`{name}`" for name in one.columns] + [f"`.{name}`" for name in one.detail]
    name = f"`{one.name}`{' *visits*' if one.derived else ''}"
    return f"| {name} | {one.meaning} | {', '.join(columns) or '–'} |\n"


if __name__ == "__main__":
    sys.stdout.write(make_page())
