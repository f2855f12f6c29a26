"""A rehearsal is the real engine: what it says is what the engine does with the same people and the same deeds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from senet.rehearsals.values import RehearsalReport, TileFlow
from tests.support.journeys import (
    START,
    Visit,
    World,
    audience,
    clicked,
    create_lead,
    delivered,
    email,
    if_then,
    leave_journey,
    make_email,
    make_list,
    make_segment,
    opened,
    split,
    task,
    visits,
    wait,
    window,
)
from tests.support.people import make_company, make_contact, make_contacts
from tests.support.rehearsals import NOBODY, Stage, after, rehearse

LINKS = ("https://example.org/a", "https://example.org/b")


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage().watch(monkeypatch)


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer steps than in earnest: the engine is asked less often."""
    monkeypatch.setattr("senet.rehearsals.pace.MOST_TICKS", 80)


def tile(report: RehearsalReport, number: int) -> TileFlow:
    return next(each for each in report.tiles if each.tile == number)


def paths(report: RehearsalReport, number: int) -> list[int]:
    return [path.people for path in tile(report, number).paths]


def replay(world: World, journey_id: int, stage: Stage) -> list[Visit]:
    """Do on the live journey what was done on the stage, at the same moments, and return its ledger."""
    world.go_live(journey_id)
    since = START - timedelta(days=1)
    for moment in stage.ticks:
        for at, kind, tile_id, contact_id, link in stage.reactions:
            if since < at <= moment:
                world.interact(kind, journey_id, tile_id, [contact_id], at=at, link=link)
        world.tick(seconds=(moment - world.now).total_seconds())
        since = moment
    return visits(journey_id)


def test_everybody_goes_where_the_engine_leads_them_to_the_minute(world: World, stage: Stage) -> None:
    people = make_contacts(5)
    lane = (
        audience(make_segment(people))
        >> email(make_email(*LINKS))
        >> if_then(
            opened(2),
            days=3,
            yes=wait(days=1) >> email(make_email()) >> task("Call"),
            no=leave_journey(),
        )
    )
    journey = world.draw(lane)
    report = rehearse(world, journey, days=10, behaviour={**NOBODY, "open_rate": 1, "open_delay": after(5)})
    met = START + timedelta(hours=5)
    assert stage.visits == [
        visit
        for person in people
        for visit in (
            Visit(1, person, START, None, START, "processed", None, 0, 1),
            Visit(2, person, START, None, START, "processed", None, 0, 1),
            Visit(3, person, START, START + timedelta(days=3), met, "processed", None, 0, 1),
            Visit(4, person, met, met + timedelta(days=1), met + timedelta(days=1), "processed", None, 0, 1),
            Visit(5, person, met + timedelta(days=1), None, met + timedelta(days=1), "processed", None, 0, 1),
            Visit(6, person, met + timedelta(days=1), None, met + timedelta(days=1), "processed", None, 0, 1),
        )
    ]
    assert replay(world, journey, stage) == stage.visits
    assert paths(report, 3) == [5, 0]
    assert [(state.state, state.tile, state.people) for state in report.end_states] == [("finished", 6, 5)]


def test_the_same_deeds_at_the_same_moments_lead_to_the_same_ledger(world: World, stage: Stage) -> None:
    people = make_contacts(120)
    lane = (
        audience(make_segment(people))
        >> email(make_email(*LINKS))
        >> if_then(
            opened(2),
            clicked(2, 1),
            logic="and",
            days=3,
            yes=wait(hours=7) >> email(make_email()) >> if_then(delivered(5), hours=2, yes=task("Delivered")),
            no=wait(window(0, 1, 2, 3, 4, times=("09:00-17:00",)), days=2)
            >> email(make_email(*LINKS))
            >> if_then(clicked(9), days=9, yes=task("Clicked")),
        )
    )
    journey = world.draw(lane)
    behaviour = {"open_rate": 0.8, "click_rate": 0.6, "hard_bounce_rate": 0.25, "unsubscribe_rate": 0}
    report = rehearse(world, journey, days=30, behaviour=behaviour, seed=7)
    assert replay(world, journey, stage) == stage.visits
    yes, no = paths(report, 3)
    assert yes > 10
    assert no > 50
    assert paths(report, 6)[1] > 0  # a message that bounced is not delivered
    assert 0 < paths(report, 10)[0] < no
    assert report.ticks < 400


def test_companies_are_rehearsed_as_the_engine_asks_them(world: World, stage: Stage) -> None:
    people = [make_contact(company=company).pk for company in [make_company() for _ in range(12)] for _ in range(4)]
    question = if_then(opened(2), based_on="company", days=3, yes=task("Yes", create_for="company"), no=create_lead())
    lane = audience(make_segment(people)) >> email(make_email()) >> question
    journey = world.draw(lane, target="company")
    report = rehearse(world, journey, days=6, behaviour={**NOBODY, "open_rate": 0.2, "open_delay": after(20, 1)})
    assert replay(world, journey, stage) == stage.visits
    assert 0 < paths(report, 3)[0] < 48
    assert paths(report, 3)[0] % 4 == 0


def test_a_sample_of_a_journey_that_goes_to_companies_has_whole_companies(world: World, stage: Stage) -> None:
    companies = [make_company() for _ in range(30)]
    people = {make_contact(company=company).pk: company.pk for company in companies for _ in range(4)}
    journey = world.draw(audience(make_segment(people)) >> task("Call"), target="company")
    rehearse(world, journey, people=20)
    assert len({people[visit.contact_id] for visit in stage.visits}) == 5


def test_the_same_seed_gives_the_same_report_and_another_seed_another_one(world: World, coarse: None) -> None:
    people = make_contacts(300)
    lane = (
        audience(make_segment(people))
        >> email(make_email(*LINKS))
        >> if_then(opened(2), days=3, yes=split((30, wait(days=1) >> task("A")), (None, task("B"))), no=task("No"))
    )
    journey = world.draw(lane)

    def flow(seed: int) -> dict[str, Any]:
        report = rehearse(world, journey, days=5, behaviour={"open_rate": 0.5}, seed=seed)
        return report.model_dump(exclude={"seconds"})

    first = flow(1)
    assert flow(1) == first
    other = flow(2)
    assert [each["daily_arrived"] for each in other["tiles"]] != [each["daily_arrived"] for each in first["tiles"]]
    assert other["entered"] == first["entered"] == 300


def test_rates_come_out_as_they_were_assumed(world: World, coarse: None) -> None:
    journey = world.draw(audience(make_segment(make_contacts(4000))) >> email(make_email(*LINKS)) >> wait(days=30))
    report = rehearse(
        world,
        journey,
        days=40,
        behaviour={
            "open_rate": 0.4, "click_rate": 0.1, "unsubscribe_rate": 0.05, "hard_bounce_rate": 0.02,
            "soft_bounce_rate": 0.03, "block_bounce_rate": 0.01,
        },
    )  # fmt: skip
    mail = tile(report, 2).mail
    assert mail is not None
    assert mail.queued == 4000
    assert mail.hard_bounced == pytest.approx(80, abs=30)
    assert mail.soft_bounced == pytest.approx(120, abs=35)
    assert mail.block_bounced == pytest.approx(40, abs=22)
    assert mail.delivered == 4000 - mail.hard_bounced - mail.soft_bounced - mail.block_bounced
    assert mail.opened / mail.delivered == pytest.approx(0.4, abs=0.03)
    assert mail.clicked / mail.delivered == pytest.approx(0.1, abs=0.02)
    assert mail.unsubscribed / mail.delivered == pytest.approx(0.05, abs=0.015)


def test_people_take_as_long_as_was_assumed(world: World) -> None:
    journey = world.draw(audience(make_segment(make_contacts(2000))) >> email(make_email()) >> wait(days=30))
    readers = {**NOBODY, "open_rate": 1, "open_delay": after(24, 0.5)}
    mail = tile(rehearse(world, journey, days=40, behaviour=readers), 2).mail
    assert mail is not None
    assert sum(mail.daily_opened) == mail.opened == 2000
    # Fifteen hours are left of the first day: the logarithm of 15/24 lies 0.94 spreads below the median's.
    assert mail.daily_opened[0] / 2000 == pytest.approx(0.174, abs=0.03)
    assert sum(mail.daily_opened[:2]) / 2000 == pytest.approx(0.837, abs=0.03)  # 39 hours: 0.97 spreads above it


def test_clicks_follow_the_links_weights(world: World) -> None:
    lane = audience(make_segment(make_contacts(1000))) >> email(make_email(*LINKS)) >> if_then(clicked(2, 1), days=2)
    journey = world.draw(lane)
    everybody = {**NOBODY, "click_rate": 1, "open_rate": 1, "click_delay": after(1)}
    alike = rehearse(world, journey, days=3, behaviour=everybody)
    assert paths(alike, 3)[0] == pytest.approx(500, abs=60)
    unlike = rehearse(world, journey, days=3, behaviour=everybody, tiles={2: {"link_weights": {1: 1, 2: 3}}})
    assert paths(unlike, 3)[0] == pytest.approx(250, abs=50)
    never = rehearse(world, journey, days=3, behaviour={**everybody, "link_weights": {2: 1}})
    assert paths(never, 3) == [0, 1000]


def test_who_unsubscribes_is_stopped_where_the_journey_goes_to_a_list(world: World) -> None:
    people = make_contacts(3)
    leaves = {**NOBODY, "unsubscribe_rate": 1, "open_delay": after(2)}
    lane = audience(lists=[make_list(people)]) >> email(make_email()) >> wait(days=3) >> email(make_email())
    report = rehearse(world, world.draw(lane), days=5, behaviour=leaves)
    assert tile(report, 3).stop_reasons == {"unsubscribed": 3}
    assert tile(report, 4).arrived == 0


def test_who_unsubscribes_gets_no_more_bulk_mail_where_it_goes_to_a_segment(world: World) -> None:
    people = make_contacts(3)
    leaves = {**NOBODY, "unsubscribe_rate": 1, "open_delay": after(2)}
    lane = audience(make_segment(people)) >> email(make_email()) >> wait(days=3) >> email(make_email())
    report = rehearse(world, world.draw(lane), days=5, behaviour=leaves)
    mail = tile(report, 4).mail
    assert mail is not None
    assert (mail.queued, mail.blocked, mail.blocked_reasons) == (0, 3, {"EmailBlockedByUser": 3})
    assert report.daily_blocked == {"EmailBlockedByUser": [0, 0, 0, 3, 0, 0]}
    assert report.daily_queued == [3, 0, 0, 0, 0, 0]


def test_those_who_may_not_go_on_are_reported_with_their_reasons(world: World) -> None:
    people = make_contacts(4)
    make_contact(consent_level=0)
    kept_out = make_contact("", consent_level=5).pk
    suppressed = make_segment(people[:1])
    lane = audience(make_segment([*people, kept_out]), exclude=[make_segment(people[3:])]) >> email(make_email())
    journey = world.draw(lane, suppression_segment_id=suppressed, minimum_consent=1)
    report = rehearse(world, journey, days=2)
    assert (report.audience, report.entered) == (5, 4)
    assert tile(report, 1).stop_reasons == {"suppressed": 1}
    mail = tile(report, 2).mail
    assert mail is not None
    assert mail.blocked_reasons == {"InvalidRecipientAddress": 1}
    assert [(each.state, each.tile, each.reason, each.people) for each in report.end_states] == [
        ("finished", 2, None, 3),
        ("stopped", 1, "suppressed", 1),
    ]


def test_every_day_has_its_arrivals_and_those_who_wait_at_its_end(world: World) -> None:
    lane = audience(make_segment(make_contacts(2))) >> wait(days=2) >> wait(hours=30) >> task("Call")
    report = rehearse(world, world.draw(lane, time_zone="Asia/Tokyo"), days=5)
    assert [str(day) for day in report.days[:2]] == ["2026-03-02", "2026-03-03"]
    assert tile(report, 2).daily_waiting == [2, 2, 0, 0, 0, 0]
    assert tile(report, 3).daily_arrived == [0, 0, 2, 0, 0, 0]
    assert tile(report, 3).daily_waiting == [0, 0, 2, 2, 0, 0]  # from 18:00 in Tokyo for thirty hours: until midnight
    assert tile(report, 4).daily_arrived == [0, 0, 0, 0, 2, 0]
