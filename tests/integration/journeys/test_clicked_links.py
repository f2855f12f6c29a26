"""A rule about a link is about where it leads, whatever number the version that a person got gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from django.db import connection, transaction

from senet.content.ab_tests import create_ab_test
from senet.content.actions import change_email, edit_email, go_live_email
from senet.content.models import Email, EmailLink
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys import actions
from senet.journeys.models import Journey
from senet.shared.errors import Problem
from tests.support.content import make_live_email
from tests.support.journeys import (
    START,
    Json,
    Lane,
    World,
    at,
    audience,
    clicked,
    email,
    if_then,
    join,
    make_segment,
    standing,
    task,
    wait,
)
from tests.support.people import make_contacts

OFFER, SALE, NEWS, MORE = (f"https://shop.example.com/{name}" for name in ("offer", "sale", "news", "more"))


def body(*urls: str) -> str:
    links = "".join(f'<p><a href="{url}">{url[-4:]}</a></p>' for url in urls)
    return (
        f"<html><body>{links}<p>{{{{ content_settings.address_main }}}}"
        ' <a href="{{ content_settings.subscription_center }}">Preferences</a></p></body></html>'
    )


def make_tested(a: str, b: str) -> tuple[Email, int]:
    """A live email and a test of everybody in halves, with another body in version B."""
    mail = make_live_email(source=a)
    with transaction.atomic():
        test = create_ab_test(mail.pk, now=START, by=None, name="Body", kind="body", source=b, percent=100)
    return mail, test


def of_version_b(link: int, source: int = 2) -> Json:
    return {**clicked(source, link), "variant": "b"}


def recipients(journey: int) -> dict[str, list[int]]:
    """Who got which version of the email that is tested."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT variant, array_agg(contact_id ORDER BY contact_id) FROM ab_message"
            " JOIN message ON message.id = message_id WHERE journey_id = %s GROUP BY 1",
            [journey],
        )
        return dict(cursor.fetchall())


def check(world: World, journey: int) -> list[Problem]:
    """What the check says of the rules."""
    found = actions.check(journey, world.now).problems
    return [each for each in found if each.message.startswith("Rule")]


def click(world: World, journey: int, people: Iterable[int], url: str) -> None:
    """Let people click the link of their own mail that leads there, as the door writes it down."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message.id, contact_id, tile, email_id, email_version_id, number FROM message"
            " JOIN email_link ON version_id = email_version_id AND url = %s"
            " WHERE journey_id = %s AND contact_id = ANY (%s)",
            [url, journey, list(people)],
        )
        rows = cursor.fetchall()
    assert len(rows) == len(list(people))
    record(
        [
            Interaction(
                "EmailClicked", world.now, contact_id=contact, message_id=message, journey_id=journey, iteration=1,
                tile=tile, email_id=mail, link=number, detail={"version": version},
            )
            for message, contact, tile, mail, version, number in rows
        ]
    )  # fmt: skip


def numbers(mail: Email, test: int) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """What each version calls its links."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT a_version_id, b_version_id FROM ab_variant WHERE ab_test_id = %s", [test])
        versions = cursor.fetchone()
    a, b = ({link.url: link.number for link in EmailLink.objects.filter(version_id=version)} for version in versions)
    assert a[OFFER] == b[SALE] == 1  # the same number, two addresses
    return a, b


def waiting(mail: Email, test: int, rule: Json, people: Iterable[int]) -> Lane:
    lane = email(mail.pk, ab_test_id=test) >> if_then(rule, days=3, yes=task("Yes"), no=task("No"))
    return audience(make_segment(people)) >> lane


def test_a_click_in_version_b_counts_by_where_it_leads_and_not_by_its_number(world: World) -> None:
    mail, test = make_tested(body(OFFER, SALE), body(SALE, NEWS, OFFER))
    a, b = numbers(mail, test)
    journey = world.run(waiting(mail, test, clicked(2, a[OFFER]), make_contacts(4)))
    got = recipients(journey)
    click(world, journey, [got["a"][0], got["b"][0]], OFFER)
    click(world, journey, [got["a"][1], got["b"][1]], SALE)  # B's number of it is A's number of the offer
    world.tick(hours=1)
    assert b[SALE] == a[OFFER]
    assert at(journey, 4) == {got["a"][0], got["b"][0]}
    assert standing(journey) == {got["a"][1]: 3, got["b"][1]: 3}


def test_a_link_that_only_version_b_has_can_be_asked_about(world: World) -> None:
    mail, test = make_tested(body(OFFER, SALE), body(SALE, NEWS, OFFER))
    _, b = numbers(mail, test)
    journey = world.run(waiting(mail, test, of_version_b(b[NEWS]), make_contacts(4)))
    got = recipients(journey)
    click(world, journey, got["b"][:1], NEWS)
    click(world, journey, got["a"], SALE)  # A's number of it is B's number of the news
    world.tick(hours=1)
    assert at(journey, 4) == set(got["b"][:1])


def test_a_click_counts_when_its_person_comes_later_to_the_condition(world: World) -> None:
    mail, test = make_tested(body(OFFER, SALE), body(SALE, OFFER))
    a, _ = numbers(mail, test)
    lane = email(mail.pk, ab_test_id=test) >> wait(days=1)
    lane = lane >> if_then(clicked(2, a[OFFER]), days=3, yes=task("Yes"), no=task("No"))
    journey = world.run(audience(make_segment(make_contacts(4))) >> lane)
    got = recipients(journey)
    click(world, journey, got["b"][:1], OFFER)
    click(world, journey, got["b"][1:], SALE)
    world.tick(hours=1)
    world.tick(days=1)
    assert at(journey, 5) == set(got["b"][:1])


def test_links_keep_their_meaning_when_the_email_is_published_again(world: World) -> None:
    """Who has the old mail is asked by the old mail's links, also when the journey has gone live with the new one."""
    mail = make_live_email(source=body(OFFER, SALE))
    early, other, late = make_contacts(3)
    segment = make_segment([early, other])
    lane = email(mail.pk) >> if_then(clicked(2, 2), days=9, yes=task("Yes"), no=task("No"))
    journey = world.run(audience(segment) >> lane)
    with transaction.atomic():
        edit_email(mail.pk)
        change_email(mail.pk, source=body(MORE, OFFER, SALE))
        go_live_email(mail.pk, now=world.now)
    actions.edit(journey, now=world.now)
    definition = Journey.objects.get(pk=journey).definition
    for tile in definition["tiles"]:
        for rule in tile.get("rules", ()):
            rule["link"] = 3  # the sale, as the email calls it now
    actions.update_journey(journey, {"definition": definition}, now=world.now)
    world.go_live(journey)
    join("segment", segment, [late])
    world.tick(hours=1)
    click(world, journey, [early, late], SALE)
    click(world, journey, [other], OFFER)  # number 1 in the mail that this person got, 2 in the new one
    world.tick(hours=1)
    assert at(journey, 4) == {early, late}
    assert standing(journey) == {other: 3}


def test_a_click_that_does_not_say_its_version_counts_as_one_on_the_live_email(world: World) -> None:
    mail = make_live_email(source=body(OFFER, SALE, OFFER))
    first, second = make_contacts(2)
    lane = email(mail.pk) >> if_then(clicked(2, 1), days=9, yes=task("Yes"), no=task("No"))
    journey = world.run(audience(make_segment([first, second])) >> lane)
    world.interact("EmailClicked", journey, 2, [first], link=3)
    world.interact("EmailClicked", journey, 2, [second], link=2)
    world.tick(hours=1)
    assert at(journey, 4) == {first}


@pytest.mark.parametrize(
    ("rule", "code", "severity"),
    [
        (clicked(2, 1), None, ""),
        (of_version_b(1), None, ""),
        (clicked(2, 2), "link_in_one_version", "warning"),
        (of_version_b(2), "link_in_one_version", "warning"),
        (of_version_b(9), "link_not_in_email", "error"),
        (clicked(2, 9), "link_not_in_email", "error"),
    ],
)
def test_the_check_looks_into_the_version_that_a_rule_names(
    world: World, rule: Json, code: str | None, severity: str
) -> None:
    mail, test = make_tested(body(OFFER, SALE), body(OFFER, NEWS))
    journey = world.draw(waiting(mail, test, rule, make_contacts(1)))
    assert [(each.code, each.severity) for each in check(world, journey)] == ([(code, severity)] if code else [])


def test_a_rule_about_version_b_needs_a_test(world: World) -> None:
    mail = make_live_email(source=body(OFFER))
    lane = email(mail.pk) >> if_then(of_version_b(1), days=1, yes=task("Yes"), no=task("No"))
    journey = world.draw(audience(make_segment()) >> lane)
    assert [each.code for each in check(world, journey)] == ["variant_missing"]
