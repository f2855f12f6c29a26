"""The lock matrix: every setting in every state may be changed or not, as product facts 1.2 say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.journeys import actions
from senet.journeys.errors import FieldLocked
from senet.journeys.locks import FREE, list_locked
from senet.journeys.models import Journey
from senet.journeys.values import JourneyStatus
from tests.support.accounts import sign_in
from tests.support.journeys import World, audience, make_content_settings, make_segment, wait

Json = dict[str, Any]
Change = Callable[[World, Journey], Any]  # a value of the setting

OPEN, UNSTARTED, NEVER = "draft and edited", "draft, and edited before the start", "draft only"


def _wait(amount: int) -> Change:
    def change(_: World, journey: Journey) -> Json:
        first, second = journey.definition["tiles"]
        return {"tiles": [first, {**second, "duration": {"amount": amount, "unit": "days"}}]}

    return change


def _add_tile(_: World, journey: Journey) -> Json:
    first, second = journey.definition["tiles"]
    return {"tiles": [first, {**second, "next": 3}, {"id": 3, "kind": "task", "subject": "Call"}]}


# What is changed: when it may be, and a value that differs from the journey's.
MATRIX: dict[str, tuple[str, str, Change]] = {
    "name": ("name", OPEN, lambda *_: "Other"),
    "description": ("description", OPEN, lambda *_: "Other"),
    "start": ("start_at", UNSTARTED, lambda world, _: world.now + timedelta(days=5)),
    "end": ("end_at", OPEN, lambda world, _: world.now + timedelta(days=200)),
    "is recurring": ("is_recurring", NEVER, lambda *_: True),
    "recurrence count": ("iteration_count", OPEN, lambda *_: 4),
    "recurrence interval": ("interval_days", OPEN, lambda *_: 9),
    "content settings": ("content_settings_id", NEVER, lambda *_: make_content_settings()),
    "suppression segment": ("suppression_segment_id", NEVER, lambda *_: make_segment()),
    "time zone": ("time_zone", NEVER, lambda *_: "Asia/Tokyo"),
    "template": ("template_id", OPEN, lambda *_: 12),
    "pipeline": ("definition", NEVER, _add_tile),
    "tile settings": ("definition", OPEN, _wait(9)),
    "minimum consent": ("minimum_consent", NEVER, lambda *_: 5),
    "business-unit scope": ("scope", NEVER, lambda *_: "business_unit"),
    "target": ("target", NEVER, lambda *_: "company"),
    "refusing large emails": ("refuse_large_emails", OPEN, lambda *_: True),
}
STATES = {
    "draft": (JourneyStatus.DRAFT, {OPEN, UNSTARTED, NEVER}),
    "error before the first go-live": (JourneyStatus.ERROR, {OPEN, UNSTARTED, NEVER}),
    "live, editable before the start": (JourneyStatus.LIVE_EDITABLE, {OPEN, UNSTARTED}),
    "stopped before the start": (JourneyStatus.STOPPED, {OPEN, UNSTARTED}),
    "live, editable": (JourneyStatus.LIVE_EDITABLE, {OPEN}),
    "stopped": (JourneyStatus.STOPPED, {OPEN}),
    "error": (JourneyStatus.ERROR, {OPEN}),
    "going live": (JourneyStatus.GOING_LIVE, set()),
    "live": (JourneyStatus.LIVE, set()),
    "stopping": (JourneyStatus.STOPPING, set()),
    "expired": (JourneyStatus.EXPIRED, set()),
}


def _make(world: World, state: str) -> Journey:
    """A journey in a state, as it comes there."""
    start = world.now + timedelta(days=1) if "before the start" in state else world.now
    lane = audience(make_segment()) >> wait(days=2)
    status, _ = STATES[state]
    if state in {"draft", "error before the first go-live"}:
        journey_id = world.draw(lane, start_at=start)
    else:
        journey_id = world.run(lane, start_at=start)
    Journey.objects.filter(pk=journey_id).update(status=status.value)
    return Journey.objects.get(pk=journey_id)


def test_every_setting_has_a_row() -> None:
    assert {name for name, _, _ in MATRIX.values()} == FREE


def test_every_state_has_a_column() -> None:
    assert {status for status, _ in STATES.values()} == set(JourneyStatus)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", MATRIX)
def test_a_setting_may_be_changed_in_a_state_or_not(world: World, what: str, state: str) -> None:
    name, when, make_value = MATRIX[what]
    journey = _make(world, state)
    value = make_value(world, journey)
    allowed = when in STATES[state][1]
    if allowed:
        actions.update_journey(journey.pk, {name: value}, now=world.now)
    else:
        with pytest.raises(FieldLocked) as caught:
            actions.update_journey(journey.pk, {name: value}, now=world.now)
        assert caught.value.fields["locked"] == [name]
    kept = Journey.objects.get(pk=journey.pk)
    assert (getattr(kept, name) != getattr(journey, name)) is allowed
    if what != "pipeline":
        assert (name not in list_locked(journey, world.now)) is allowed


def test_the_api_says_what_is_locked_and_refuses_it(world: World) -> None:
    journey = world.run(audience(make_segment()) >> wait(days=2))
    actions.stop(journey, now=world.now)
    client = sign_in(Role.ADMINISTRATOR)
    shown = client.get(f"/journeys/{journey}").json()
    assert {"time_zone", "minimum_consent", "start_at"} <= set(shown["locked"])
    refused = client.patch(f"/journeys/{journey}", {"time_zone": "Asia/Tokyo", "name": "Other"})
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "field_locked"
    assert Journey.objects.get(pk=journey).name != "Other"
