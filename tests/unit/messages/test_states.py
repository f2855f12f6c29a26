"""The life of a message: a test an arrow, plus reports that come late or twice."""

from __future__ import annotations

import pytest

from senet.interactions.types import TYPES
from senet.messages.states import ARROWS, BOUNCES, FINAL, Event, State, find_arrow

_EXPECTED = {
    (State.QUEUED, Event.CLAIM): State.SENDING,
    (State.QUEUED, Event.BLOCK): State.BLOCKED,
    (State.QUEUED, Event.HAND_OVER): State.SENT,
    (State.QUEUED, Event.DELIVER): State.DELIVERED,
    (State.QUEUED, Event.HARD_BOUNCE): State.HARD_BOUNCED,
    (State.QUEUED, Event.SOFT_BOUNCE): State.SOFT_BOUNCED,
    (State.QUEUED, Event.BLOCK_BOUNCE): State.BLOCK_BOUNCED,
    (State.SENDING, Event.BLOCK): State.BLOCKED,
    (State.SENDING, Event.RELEASE): State.QUEUED,
    (State.SENDING, Event.DEFER): State.QUEUED,
    (State.SENDING, Event.FAIL): State.FAILED,
    (State.SENDING, Event.HAND_OVER): State.SENT,
    (State.SENDING, Event.DELIVER): State.DELIVERED,
    (State.SENDING, Event.HARD_BOUNCE): State.HARD_BOUNCED,
    (State.SENDING, Event.SOFT_BOUNCE): State.SOFT_BOUNCED,
    (State.SENDING, Event.BLOCK_BOUNCE): State.BLOCK_BOUNCED,
    (State.SENT, Event.DELIVER): State.DELIVERED,
    (State.SENT, Event.HARD_BOUNCE): State.HARD_BOUNCED,
    (State.SENT, Event.SOFT_BOUNCE): State.SOFT_BOUNCED,
    (State.SENT, Event.BLOCK_BOUNCE): State.BLOCK_BOUNCED,
    (State.DELIVERED, Event.HARD_BOUNCE): State.HARD_BOUNCED,  # remote bounces
    (State.DELIVERED, Event.SOFT_BOUNCE): State.SOFT_BOUNCED,
    (State.DELIVERED, Event.BLOCK_BOUNCE): State.SOFT_BOUNCED,
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", list(Event))
def test_every_event_in_every_state_leads_where_the_table_says_or_nowhere(state: State, event: Event) -> None:
    arrow = find_arrow(state, event, holds=True)
    assert (arrow.to if arrow else None) == _EXPECTED.get((state, event))


@pytest.mark.parametrize("state", sorted(FINAL - {State.DELIVERED}))
@pytest.mark.parametrize("event", list(Event))
def test_nothing_leads_out_of_an_end_so_a_second_report_changes_nothing(state: State, event: Event) -> None:
    assert find_arrow(state, event, holds=True) is None


@pytest.mark.parametrize("event", [Event.DELIVER, Event.HARD_BOUNCE, Event.SOFT_BOUNCE, Event.BLOCK_BOUNCE])
@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING])
def test_what_a_server_said_counts_whoever_holds_the_message_now(state: State, event: Event) -> None:
    assert find_arrow(state, event, holds=False) is not None


@pytest.mark.parametrize("event", [Event.RELEASE, Event.DEFER, Event.FAIL, Event.BLOCK])
def test_what_a_sender_gave_up_counts_only_while_it_holds_the_message(event: Event) -> None:
    assert find_arrow(State.SENDING, event, holds=False) is None
    assert find_arrow(State.SENDING, event, holds=True) is not None


def test_every_message_that_was_sent_is_logged_as_sent_once() -> None:
    for (state, _), arrow in ARROWS.items():
        sent = arrow.logs.count("EmailSent")
        leaves = arrow.to not in {State.QUEUED, State.SENDING, State.FAILED, State.BLOCKED}
        assert sent == (1 if leaves and state not in {State.SENT, State.DELIVERED} else 0)


@pytest.mark.parametrize("event", list(Event))
def test_a_delivery_is_taken_back_by_a_bounce_alone_and_only_once(event: Event) -> None:
    arrow = find_arrow(State.DELIVERED, event, holds=False)
    assert (arrow is not None) == (event in BOUNCES)
    assert arrow is None or all(find_arrow(arrow.to, again, holds=False) is None for again in Event)


def test_arrows_log_types_that_exist() -> None:
    assert {kind for arrow in ARROWS.values() for kind in arrow.logs} - {"reason"} <= TYPES.keys()
