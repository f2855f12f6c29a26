"""With double opt-in, who asks for a list or a higher consent enters a journey when they confirm, and not before."""

from __future__ import annotations

from senet.confirmations.answering import confirm
from senet.interactions.values import Interaction
from tests.support.confirmations import mail, turn_on
from tests.support.journeys import World, audience, email, make_email, make_list, make_segment, messages, visits
from tests.support.people import make_contact, make_contacts


def answer(message_id: int, world: World) -> None:
    confirm(message_id, fact=Interaction("ConfirmationResponse", world.now), now=world.now)


def test_a_journey_to_a_list_takes_whoever_confirms(world: World) -> None:
    turn_on()
    news, (asks, ignores) = make_list(), make_contacts(2)
    journey = world.run(audience(lists=[news]) >> email(make_email()))
    question = mail(asks, list_id=news, now=world.now)
    mail(ignores, list_id=news, now=world.now)
    world.tick(hours=1)
    assert visits(journey) == []
    answer(question.id, world)
    world.tick(seconds=1)
    assert [contact for _, contact, _, _ in messages(journey)] == [asks]
    answer(question.id, world)
    world.tick(days=31)
    assert [contact for _, contact, _, _ in messages(journey)] == [asks]


def test_a_journey_with_a_minimum_consent_takes_whoever_has_confirmed_theirs(world: World) -> None:
    turn_on()
    agreed, silent = (make_contact(consent_level=1).pk for _ in range(2))
    question = mail(agreed, level=4, now=world.now)
    mail(silent, level=4, now=world.now)
    answer(question.id, world)
    journey = world.run(audience(make_segment([agreed, silent])) >> email(make_email()), minimum_consent=3)
    assert [contact for _, contact, _, _ in messages(journey)] == [agreed]
