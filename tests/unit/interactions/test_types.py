"""The registry is complete, names real columns, and its page is up to date."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from senet.interactions.reference import make_page
from senet.interactions.types import ALIASES, BLOCKED_TYPES, TYPES, InteractionType
from senet.interactions.values import Interaction
from senet.messages.states import ARROWS

_ROOT = Path(__file__).resolve().parents[3]
_COLUMNS = {field.name for field in fields(Interaction)}


@pytest.mark.parametrize("one", TYPES.values(), ids=lambda one: one.name)
def test_a_type_names_columns_of_the_log_and_means_something(one: InteractionType) -> None:
    assert set(one.columns) <= _COLUMNS
    assert len(one.columns) == len(set(one.columns))
    assert one.meaning.endswith(".")


def test_the_page_is_what_the_registry_says() -> None:
    page = (_ROOT / "docs/reference/interaction-types.md").read_text(encoding="utf-8")
    assert page == make_page(), "Run: python -m senet.interactions.reference > docs/reference/interaction-types.md"
    assert all(f"`{name}`" in page for name in TYPES)


def test_every_type_that_code_or_sql_writes_is_registered() -> None:
    """Names in quotes that look like interaction types, in the rooms that write them."""
    pattern = re.compile(
        r"[\"'](Email(?:Sent|Delivered|Opened|Clicked|Forwarded|FeedbackLoop|SubscriptionSubmit|SendingFailed|Contains\w+"
        r"|\w*Bounced|\w*Blocked\w*)|Segment(?:Sub|Unsub)\w+|Invalid\w+Address|Activity\w+Contact\w+)[\"']"
    )
    rooms = ("door", "messages", "delivery", "journeys", "content")
    written = {
        name
        for room in rooms
        for path in (_ROOT / "senet" / room).rglob("*")
        if path.suffix in {".py", ".sql"}
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert written
    assert written <= TYPES.keys()


def test_what_the_states_of_a_message_log_is_registered() -> None:
    logged = {name for arrow in ARROWS.values() for name in arrow.logs} - {"reason"}
    assert logged <= TYPES.keys()


def test_no_alias_hides_a_type() -> None:
    assert not ALIASES.keys() & TYPES.keys()
    assert set(ALIASES.values()) <= TYPES.keys()
    assert len(BLOCKED_TYPES) == 21
