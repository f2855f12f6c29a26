"""A segment made of the people behind a number has exactly them: as many as the page shows at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from senet.accounts.values import Role
from senet.audiences.models import Segment
from senet.insights.queries import tile_numbers
from senet.insights.values import TileNumbers
from senet.interactions.verdicts import Verdict
from senet.journeys.meanings import EMAIL_NUMBERS, VOLUMES
from senet.journeys.models import Journey
from senet.journeys.numbers import save_as_segment
from senet.messages.actions import claim_batch, record_results
from senet.messages.states import Event
from senet.messages.values import Result
from senet.people.models import Contact
from senet.shared.errors import InvalidInput
from tests.support.accounts import main_unit, make_unit, make_user, sign_in
from tests.support.clickhouse import ship
from tests.support.journeys import (
    START,
    World,
    audience,
    clicked,
    email,
    if_then,
    join,
    make_email,
    make_list,
    make_segment,
    opened,
    split,
    task,
    wait,
)
from tests.support.messages import make_sender
from tests.support.people import make_company, make_contacts

MAIL, ASK, SPLIT = 2, 3, 4


@dataclass
class Told:
    """A journey in which everything happened to somebody."""

    world: World
    journey: int
    people: list[int]
    letters: int = 0

    def tile(self, tile: int) -> TileNumbers:
        """What the page shows of a tile."""
        return next(each for each in tile_numbers(self.journey).tiles if each.tile == tile)

    def save(
        self, tile: int, number: str, *, live: bool = False, iteration: int | None = None, **filters: Any
    ) -> tuple[int, set[int]]:
        """Make a segment; return the size that was reported, and who is in it."""
        user = make_user()
        saved = save_as_segment(
            Journey.objects.get(pk=self.journey),
            tile,
            number,
            name=f"{tile} {number}",
            description="",
            live=live,
            iteration=iteration,
            owner_id=user.pk,
            business_unit_id=main_unit().pk,
            now=self.world.now,
            **filters,
        )
        return saved.size, members(saved.segment_id)


def members(segment_id: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id FROM segment_member WHERE segment_id = %s", [segment_id])
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def told(world: World, shipping: None) -> Told:
    """40 people: blocked, bounced, failed, delivered, opened, clicked, unsubscribed, stopped, on every branch."""
    people = make_contacts(40)
    Contact.objects.filter(pk__in=people[:2]).update(do_not_email=True)
    Contact.objects.filter(pk=people[2]).update(email="nowhere")
    letters, suppression = make_list(people), make_segment()
    lane = (
        audience(lists=[letters])
        >> email(make_email("https://a.example/"))
        >> if_then(
            clicked(MAIL), days=3, yes=split((50, task("A")), (None, task("B"))), no=wait(days=30) >> task("Late")
        )
    )
    journey = world.run(lane, suppression_segment_id=suppression, minimum_consent=2)
    _send(world, people)
    world.interact("EmailOpened", journey, MAIL, people[20:32], message_id=1, email_id=1, verdict="human")
    world.interact("EmailOpened", journey, MAIL, people[20:25], message_id=1, email_id=1, verdict="bot")
    world.interact("EmailClicked", journey, MAIL, people[24:34], message_id=1, email_id=1, link=1, verdict="human")
    world.interact("SegmentUnsubscribed", journey, MAIL, people[33:34], message_id=1, email_id=1)
    _name_messages(journey)
    world.tick(hours=1)
    join("segment", suppression, people[10:13])
    world.tick(hours=1)
    Contact.objects.filter(pk__in=people[13:15]).update(consent_level=1)
    world.tick(days=3)
    ship()
    return Told(world, journey, people, letters)


def _send(world: World, people: list[int]) -> None:
    """Give the messages outcomes: of those not blocked, 5 bounce in three ways, 1 fails, the others arrive."""
    sender = make_sender(world.now)
    claimed = sorted(claim_batch(sender=sender, limit=100, now=world.now), key=lambda each: each.contact_id)
    assert len(claimed) == 37
    events = [Event.HARD_BOUNCE] * 2 + [Event.SOFT_BOUNCE] * 2 + [Event.BLOCK_BOUNCE, Event.FAIL]
    events += [Event.DELIVER] * (len(claimed) - len(events))
    results = [Result(each.id, event, "said so") for each, event in zip(claimed, events, strict=True)]
    record_results(results, sender=sender, now=world.now)


def _name_messages(journey: int) -> None:
    """Let the interactions carry their own messages, as the door writes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE interaction SET message_id = message.id, email_id = message.email_id FROM message"
            " WHERE message.journey_id = interaction.journey_id AND message.tile = interaction.tile"
            " AND message.contact_id = interaction.contact_id AND interaction.message_id = 1"
        )


def _list_shown(tile: TileNumbers) -> Iterator[tuple[str, int]]:
    """Every number that the page shows of a tile, by the name under which it can be saved."""
    for name in VOLUMES:
        shown = {"in_progress": tile.processing + tile.queued, "not_processed": tile.stopped + tile.expired}
        yield name, shown.get(name, getattr(tile, name, 0))
    for path in tile.paths:
        yield f"path:{path.branch}", path.count
    for reason in tile.stopped_reasons:
        yield f"reason:{reason.reason}", reason.count
    for kpi in tile.kpis:
        yield kpi.key, int(kpi.value or 0)


def test_every_number_of_every_tile_saves_as_many_people_as_the_page_shows(told: Told) -> None:
    compared = []
    for tile in tile_numbers(told.journey).tiles:
        for name, shown in _list_shown(tile):
            size, inside = told.save(tile.tile, name)
            assert (tile.tile, name, size, len(inside)) == (tile.tile, name, shown, shown)
            compared += [(tile.tile, name)] * bool(shown)
    assert {name for _, name in compared} >= {
        *("inflow", "processing", "queued", "stopped", "processed", "path:0", "path:1"),
        *("reason:suppressed", "reason:consent", "delivered", "blocked", "hard_bounces", "soft_bounces"),
        *("block_bounces", "sending_failed", "unique_opens", "unique_clicks", "sent", "unsubscribes"),
    }


@pytest.mark.parametrize(
    "filters",
    [
        {"since": START, "until": START + timedelta(hours=1)},
        {"since": START + timedelta(minutes=30)},
        {"until": START + timedelta(hours=30, minutes=1)},
        {"verdict": Verdict.HUMAN},
        {"verdict": Verdict.BOT, "since": START},
        {"company_id": None},
    ],
)
def test_under_the_pages_filters_a_number_saves_as_many_as_the_page_shows_under_them(
    told: Told, filters: dict[str, Any]
) -> None:
    if "company_id" in filters:
        company = make_company()
        Contact.objects.filter(pk__in=told.people[::3]).update(company=company)
        filters = {"company_id": company.pk}
        ship()
    late = told.people[34:36]
    told.world.interact("EmailOpened", told.journey, MAIL, late, message_id=1, email_id=1, verdict="proxy")
    join("list", told.letters, make_contacts(2), at=told.world.now)
    told.world.tick(hours=1)
    _name_messages(told.journey)
    ship()
    compared = 0
    for tile in tile_numbers(told.journey, **filters).tiles:
        for name, shown in _list_shown(tile):
            assert (tile.tile, name, told.save(tile.tile, name, **filters)[0]) == (tile.tile, name, shown)
            compared += bool(shown)
    assert compared > 10 or "since" in filters


def test_the_verdict_and_the_period_say_who_opened(told: Told) -> None:
    people = told.people
    assert told.save(MAIL, "opened", verdict=Verdict.BOT)[1] == set(people[20:25])
    assert told.save(MAIL, "opened", verdict=Verdict.PROXY)[1] == set()
    assert told.save(MAIL, "did_not_open", verdict=Verdict.BOT)[1] == {*people[9:20], *people[25:]}
    later = START + timedelta(hours=1)
    assert told.save(MAIL, "opened", since=later)[1] == set()
    assert told.save(MAIL, "delivered", until=later)[1] == set(people[9:])
    assert told.save(ASK, "reason:suppressed", since=later)[1] == set(), "they came before"
    assert told.save(ASK, "reason:suppressed", until=later)[1] == set(people[10:13])


def test_the_people_are_the_right_ones(told: Told) -> None:
    people = told.people
    assert told.save(MAIL, "blocked")[1] == set(people[:3])
    assert told.save(MAIL, "blocked:EmailBlockedByUser")[1] == set(people[:2])
    assert told.save(MAIL, "hard_bounced")[1] == set(people[3:5])
    assert told.save(MAIL, "opened")[1] == set(people[20:32])
    assert told.save(MAIL, "clicked")[1] == set(people[24:34])
    assert told.save(MAIL, "did_not_open")[1] == {*people[9:20], *people[32:]}
    assert told.save(ASK, "reason:suppressed")[1] == set(people[10:13])
    assert told.save(ASK, "path:0")[1] == set(people[24:34])
    assert told.save(ASK, "stopped")[1] == set(people[10:15])
    assert told.save(8, "queued")[1] == told.save(7, "processing")[1] != set()


def test_a_saved_segment_can_be_used_at_once_and_its_coming_is_logged(told: Told) -> None:
    size, inside = told.save(ASK, "path:0", live=True)
    segment = Segment.objects.latest("id")
    assert (segment.kind, segment.status, segment.size, segment.evaluated_at) == (
        "static",
        "live",
        size,
        told.world.now,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id, change, by FROM membership_change WHERE kind = 'segment' AND audience_id = %s",
            [segment.pk],
        )
        assert set(cursor.fetchall()) == {(contact, 1, "user") for contact in inside}
    followers = told.world.run(audience(segment.pk) >> wait(days=1))
    told.world.tick()
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id FROM visit WHERE journey_id = %s AND tile = 2", [followers])
        assert {row[0] for row in cursor.fetchall()} == inside


def test_a_draft_is_made_unless_it_is_to_be_live(told: Told) -> None:
    told.save(ASK, "inflow")
    assert Segment.objects.latest("id").status == "draft"


def test_people_who_are_gone_are_left_out(told: Told) -> None:
    Contact.objects.filter(pk=told.people[24]).delete()
    assert told.save(ASK, "path:0") == (9, set(told.people[25:34]))


def test_one_iteration_or_all_of_them(world: World, shipping: None) -> None:
    first, second = make_contacts(2)
    segment = make_segment([first])
    journey = world.run(
        audience(segment) >> wait(days=30),
        is_recurring=True,
        interval_days=7,
        iteration_count=2,
        end_at=START + timedelta(days=60),
    )
    join("segment", segment, [second])
    world.tick(hours=1)
    world.tick(days=7)
    told = Told(world, journey, [first, second])
    assert told.save(2, "inflow")[1] == {first, second}
    assert told.save(2, "reason:next_iteration", iteration=2)[1] == set()
    assert told.save(2, "reason:next_iteration", iteration=1)[1] == {first, second}
    assert told.save(2, "processing")[1] == {first, second}


@pytest.mark.parametrize("number", ["", "opened", "path:", "path:x", "path:-1", "reason:", "nothing", "blocked:x"])
def test_a_number_that_a_tile_does_not_show_is_refused(world: World, number: str) -> None:
    journey = world.run(audience(make_segment()) >> wait(days=1))
    with pytest.raises(InvalidInput):
        Told(world, journey, []).save(2, number)
    assert Segment.objects.filter(name__startswith="2 ").count() == 0


def test_saving_a_segment_over_http(world: World) -> None:
    people = make_contacts(3)
    journey = world.run(audience(make_segment(people)) >> wait(days=1))
    client = sign_in(Role.MARKETING_MANAGER)
    path = f"/journeys/{journey}/tiles/2/segment"
    made = client.post(path, {"number": "processing", "name": "Who waits", "description": "Since March"})
    assert made.status_code == 201
    body = made.json()
    assert (body["size"], body["number"]) == (3, "processing")
    shown = client.get(f"/segments/{body['segment_id']}").json()
    assert (shown["name"], shown["description"], shown["size"]) == ("Who waits", "Since March", 3)
    later = {"from": (world.now + timedelta(hours=1)).isoformat(), "verdict": "human"}
    assert client.post(path, {"number": "processing", "name": "Later", **later}).json()["size"] == 0
    backwards = {"from": "2026-03-03T00:00:00Z", "to": "2026-03-02T00:00:00Z"}
    assert client.post(path, {"number": "processing", "name": "X", **backwards}).status_code == 422
    assert client.post(path, {"number": "processing", "name": "X", "verdict": "cat"}).status_code == 422
    assert client.post(path, {"number": "opened", "name": "X"}).status_code == 422
    assert client.post(path, {"number": "inflow", "name": " "}).status_code == 422
    assert client.post(f"/journeys/{journey}/tiles/9/segment", {"number": "inflow", "name": "X"}).status_code == 422
    assert sign_in(Role.VIEWER).post(path, {"number": "inflow", "name": "X"}).status_code == 403
    stranger = sign_in(Role.MARKETER, unit=make_unit("South"))
    assert stranger.post(path, {"number": "inflow", "name": "X"}).status_code == 404


def test_every_kpi_of_the_email_tile_can_be_saved(told: Told) -> None:
    assert {kpi.key for kpi in told.tile(MAIL).kpis} <= EMAIL_NUMBERS.keys()


def test_opened_of_another_journey_does_not_count(told: Told) -> None:
    other = told.world.run(audience(make_segment(told.people[:4])) >> email(make_email()) >> if_then(opened(2), days=1))
    told.world.interact("EmailOpened", other, MAIL, told.people[:4], message_id=7, email_id=7)
    ship()
    assert told.save(MAIL, "opened")[1] == set(told.people[20:32])
