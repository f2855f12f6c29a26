"""What an email's templates need besides the contact's card: related rows, labels of options, records, its event.

Found once, when an email is compiled, so that a batch of messages asks the database for what it uses and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from liquid.exceptions import LiquidError

from senet.content.language.environment import html_environment
from senet.content.language.masking import Unclosed, find_liquid

Need = tuple[str | int, ...]  # ("contact", "leads"), ("company", "labels"), ("records", "company", 12), ("event",)
RELATIONS = {"contact": ("leads", "lists"), "company": ("leads", "contacts")}
LABELS = "labels"
_SAME = {"account": "company"}


def find_needs(sources: Iterable[str]) -> tuple[Need, ...]:
    """Return what some templates need, each once and sorted; templates that cannot be read need nothing."""
    needs = {need for source in sources for segments in _find_paths(source) if (need := _as_need(segments))}
    return tuple(sorted(needs, key=lambda need: [str(part) for part in need]))


def _find_paths(source: str) -> list[Sequence[object]]:
    if "{" not in source:
        return []
    try:
        find_liquid(source)
        analysis = html_environment().from_string(source).analyze(include_partials=False)
    except (Unclosed, LiquidError, RecursionError):
        return []
    return [variable.segments for variables in analysis.globals.values() for variable in variables]


def _as_need(segments: Sequence[object]) -> Need | None:
    root = _SAME.get(str(segments[0]), str(segments[0]))
    if root == "event":
        return ("event",)
    if len(segments) < 2:
        return None
    name = str(segments[1])
    if name in RELATIONS.get(root, ()) or (root in RELATIONS and name == LABELS):
        return (root, name)
    if root == "records" and len(segments) > 2 and isinstance(segments[2], int | str):
        return ("records", name, segments[2])
    return None
