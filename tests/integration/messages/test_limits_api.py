"""/sending-limits: everybody sees how often people get mail, administrators decide it, and senders obey."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from senet.accounts.values import Role
from senet.delivery.memory import MemoryClient
from senet.messages.limits import find_limits
from senet.shared.clock import utc_now
from tests.support.accounts import main_unit, make_unit, sign_in
from tests.support.messages import count_states, empty_outbox, enqueue
from tests.support.people import make_contacts
from tests.support.processes import wait_for
from tests.support.senders import running, sending_through

pytestmark = pytest.mark.django_db
NIGHT = {"quiet_from": "21:00", "quiet_until": "08:00", "time_zone": "Europe/Berlin"}


def test_limits_are_set_shown_and_taken_away() -> None:
    client = sign_in(Role.ADMINISTRATOR)
    empty = client.get("/sending-limits").json()
    assert empty["business_units"] == []
    assert (empty["installation"]["per_week"], empty["installation"]["quiet_from"]) == (None, None)
    assert not find_limits().is_set
    made = client.put("/sending-limits", {"per_week": 3, **NIGHT})
    assert made.status_code == 200, made.json()
    unit = make_unit("North").pk
    assert client.put(f"/sending-limits/{unit}", {"per_day": 1, "delays": False}).status_code == 200
    assert client.put(f"/sending-limits/{unit}", {"per_day": 2}).status_code == 200, "once more"
    shown = client.get("/sending-limits").json()
    assert (shown["installation"]["per_week"], shown["installation"]["quiet_until"]) == (3, "08:00")
    assert [(each["business_unit_id"], each["per_day"], each["delays"]) for each in shown["business_units"]] == [
        (unit, 2, True)
    ]
    limits = find_limits()
    assert (limits.of(main_unit().pk).per_week, limits.of(unit).per_day, limits.of(unit).per_week) == (3, 2, None)
    assert client.delete(f"/sending-limits/{unit}").status_code == 204
    assert client.delete(f"/sending-limits/{unit}").status_code == 404
    assert client.put("/sending-limits", {}).status_code == 200
    assert not find_limits().is_set


@pytest.mark.parametrize(
    "body",
    [
        {"per_day": 0},
        {"per_day": -1},
        {"per_week": 10**12},
        {"per_week": "many"},
        {"longest_delay_hours": 0},
        {"quiet_from": "21:00"},
        {"quiet_until": "08:00"},
        {"quiet_from": "08:00", "quiet_until": "08:00"},
        {"quiet_from": "25:00", "quiet_until": "08:00"},
        {"quiet_from": "21:00+02:00", "quiet_until": "08:00"},
        {"time_zone": "Mars/Base"},
        {"time_zone": "../../etc/passwd"},
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(body: dict[str, object]) -> None:
    answer = sign_in(Role.ADMINISTRATOR).put("/sending-limits", body)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
    assert not find_limits().is_set


def test_only_administrators_decide() -> None:
    unit = make_unit("North").pk
    for role in (Role.VIEWER, Role.MARKETER, Role.MARKETING_MANAGER):
        client = sign_in(role)
        assert client.get("/sending-limits").status_code == 200
        assert client.put("/sending-limits", {"per_day": 1}).status_code == 403
        assert client.put(f"/sending-limits/{unit}", {"per_day": 1}).status_code == 403
        assert client.delete(f"/sending-limits/{unit}").status_code == 403
    assert sign_in(Role.ADMINISTRATOR).put("/sending-limits/987654", {"per_day": 1}).status_code == 404
    assert not find_limits().is_set


@pytest.mark.django_db(transaction=True)
def test_senders_that_run_obey_within_seconds() -> None:
    empty_outbox()
    people = make_contacts(30)
    client = MemoryClient()
    with running(sending_through(client)):
        enqueue(people, now=utc_now() - timedelta(seconds=1))
        wait_for(lambda: count_states() == {"delivered": 30}, seconds=20, what="they have got one")
        sign_in(Role.ADMINISTRATOR).put("/sending-limits", {"per_day": 2})
        threading.Event().wait(2.5)
        for tile in (3, 4):
            enqueue(people, tile=tile, now=utc_now() - timedelta(seconds=1))
        wait_for(lambda: count_states() == {"delivered": 60, "queued": 30}, seconds=20, what="they have got two")
    assert len(client.taken) == 60
    assert count_states() == {"delivered": 60, "queued": 30}
    empty_outbox()
