"""Workers are killed between any two statements of a journey that goes to companies; the ledger is what it is calmly.

This story has what the other one has not: companies, a custom channel and its responses, workflows, an A/B test,
several lanes, people of another business unit, and iterations.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from senet.content.models import Email
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys.engine import due_work
from senet.journeys.models import Journey
from senet.people.models import Contact
from tests.support.ab_tests import halving
from tests.support.accounts import make_unit
from tests.support.channels import activities, make_channel, respond
from tests.support.clickhouse import assert_audit_clean
from tests.support.journeys import (
    Lane,
    World,
    audience,
    check_ledger,
    create_lead,
    custom_channel,
    email,
    form_submitted,
    if_then,
    join,
    leave_journey,
    make_email,
    make_segment,
    opened,
    phone_call,
    record_updated,
    responded,
    run_workflow,
    skip_news,
    status,
    task,
    tile,
    visits,
    wait,
)
from tests.support.kill_stories import Driver, killer, make_people
from tests.support.kills import Calm, Killer
from tests.support.people import make_company
from tests.support.webhooks import make_workflow

__all__ = ["killer"]
pytestmark = pytest.mark.processes
STRIDE = int(os.environ.get("SENET_TEST_KILL_STRIDE", "5"))  # 1: at every point, which takes minutes
FORM = 7
PER_COMPANY = {"activity": "contact_id IS NULL", "lead": "for_company", "workflow_call": "company_id IS NOT NULL"}


@dataclass
class Story:
    """Four companies of two, of whom one person belongs elsewhere, and four people without a company."""

    driver: Driver
    first_block: int
    world: World = field(default_factory=World)
    people: list[int] = field(default_factory=list)
    journey: int = 0

    def tell(self) -> None:
        """Play it from beginning to end."""
        self.draw()
        self.begin()
        self.answer()
        self.change()
        self.begin_again()

    def draw(self) -> None:
        self.people = make_people(self.first_block)
        self.companies = [make_company().pk for _ in range(4)]
        for number, company in enumerate(self.companies):  # some of them lie in both blocks
            pair = [self.people[number], self.people[number + 4]]
            Contact.objects.filter(pk__in=pair).update(company=company)
        Contact.objects.filter(pk=self.people[9]).update(do_not_email=True)
        self.elsewhere = make_unit()
        Contact.objects.filter(pk=self.people[3]).update(business_unit=self.elsewhere)
        self.segment = make_segment(self.people[:10])
        self.mail = make_email("https://a.example/")
        self.channel = make_channel(compliance_column="do_not_email", workflow_id=make_workflow()[0])
        self.journey = self.world.draw(
            *self.draw_lanes(),
            target="company",
            scope="business_unit",
            minimum_consent=2,
            is_recurring=True,
            interval_days=6,
            iteration_count=2,
        )

    def draw_lanes(self) -> tuple[Lane, Lane, Lane]:
        """Audience: 1–11, form: 12, record: 13–14; the last two meet the first at its channel (3)."""
        test = email(self.mail, ab_test_id=Email.objects.get(pk=self.mail).live_version_id)
        yes = task("Visit", create_for="company") >> run_workflow(make_workflow()[0], launch_for="company")
        no = create_lead(create_for="company", last_name_placeholder="Buyer") >> phone_call() >> test >> leave_journey()
        asked = if_then(
            responded(3, "delivered"),
            opened(2),
            logic="and",
            based_on="company",
            days=2,
            yes=yes >> wait(days=9),
            no=no,
        )
        first = audience(self.segment) >> email(self.mail) >> custom_channel(self.channel) >> asked
        return first, form_submitted(FORM) >> tile(3), record_updated(column="city") >> wait(hours=1) >> tile(3)

    def begin(self) -> None:
        skip_news()
        self.act("go_live")
        self.act("call", stretch=512)
        self.tick()
        self.submit(self.people[11])
        Contact.objects.filter(pk=self.people[10]).update(city="Bern")
        self.tick(minutes=30)
        self.tick(hours=1)

    def answer(self) -> None:
        """One of a company has done both, two have done one each, one without a company has."""
        self.interact("EmailOpened", 0, 1, 8)
        for person in (0, 5, 8):
            self.respond(person, "delivered")
        self.tick(hours=3)
        self.tick(hours=6)

    def change(self) -> None:
        """Somebody goes elsewhere and comes back, somebody has a new company's consent; the timeout is made shorter."""
        Contact.objects.filter(pk=self.people[2]).update(business_unit=self.elsewhere)
        Contact.objects.filter(pk=self.people[6]).update(consent_level=1)
        self.tick(hours=1)
        Contact.objects.filter(pk=self.people[2]).update(
            business_unit=Contact.objects.get(pk=self.people[0]).business_unit
        )
        Contact.objects.filter(pk=self.people[7]).delete()
        self.tick(hours=1)
        self.act("edit")

        definition = Journey.objects.get(pk=self.journey).definition
        definition["tiles"][3]["timeout"] = {"amount": 30, "unit": "hours"}
        self.act("update", values={"definition": definition})
        self.act("go_live")
        self.tick(hours=6)
        self.tick(days=1)
        self.tick(days=1)

    def begin_again(self) -> None:
        """The second iteration cuts off who is still held; then it comes to its end."""
        join("segment", self.segment, [self.people[10]], at=self.world.now)
        self.tick(days=2)
        self.tick(days=2)
        self.respond(0, "delivered", iteration=2)
        self.interact("EmailOpened", 0, iteration=2)
        self.tick(days=1)
        self.tick(days=6)
        assert status(self.journey) == "stopped"

    def act(self, work: str, **arguments: Any) -> None:
        self.driver.act(work, self.world.now, stride=STRIDE, journey=self.journey, **arguments)

    def tick(self, **step: float) -> None:
        self.world.clock.advance(timedelta(**step))
        self.driver.tick(self.world.now, stride=STRIDE, chunk=20)
        assert not due_work(self.world.now)

    def submit(self, person: int) -> None:
        record([Interaction("FormSubmitted", self.world.now, contact_id=person, form_id=FORM)])

    def interact(self, kind: str, *people: int, **more: Any) -> None:
        self.world.interact(kind, self.journey, 2, [self.people[place] for place in people], **more)

    def respond(self, place: int, response: str, iteration: int = 1) -> None:
        made = activities(journey_id=self.journey, iteration=iteration, tile=3)
        assert respond(made[self.people[place]], response, now=self.world.now).result == "recorded"

    def result(self) -> dict[str, Any]:
        """What is on record, the same whatever the ids and the lot of the A/B test."""
        place = {contact: number for number, contact in enumerate(self.people)}
        company = {each: -1 - number for number, each in enumerate(self.companies)}
        test = next(each["id"] for each in _list_tiles(self.journey) if each.get("ab_test_id"))
        rows = [
            (row.tile, row.iteration, place[row.contact_id], row.arrived_at, row.due_at, row.left_at, row.outcome,
             row.reason, row.branch)
            for row in visits(self.journey)
        ]  # fmt: skip
        found: dict[str, Any] = {
            "visits": sorted((row for row in rows if row[0] < test), key=str),
            "visits by lot": Counter((*row[:2], *row[3:]) for row in rows if row[0] >= test),
        }
        with connection.cursor() as cursor:
            for table in ("activity", "lead", "workflow_call", "channel_activity", "message"):
                condition = PER_COMPANY.get(table, "false")
                whose = f"CASE WHEN {condition} THEN company_id END" if table in PER_COMPANY else "NULL"
                cursor.execute(
                    f"SELECT tile, iteration, contact_id, {whose} FROM {table} WHERE journey_id = %s", [self.journey]
                )
                made = [(tile, at, company[firm] if firm else place[who]) for tile, at, who, firm in cursor.fetchall()]
                found[table] = Counter(made)
            cursor.execute(
                "SELECT tile, iteration, company_id, arrived_at, due_at, branch, decided_at FROM company_decision"
                " WHERE journey_id = %s",
                [self.journey],
            )
            found["decisions"] = sorted((company[row[2]], *row[:2], *row[3:]) for row in cursor.fetchall())
            cursor.execute(
                "SELECT tile, contact_id, stopped_at, resumed_at, reason FROM resumption WHERE journey_id = %s",
                [self.journey],
            )
            found["resumptions"] = sorted((place[row[1]], row[0], *row[2:]) for row in cursor.fetchall())
            cursor.execute(
                "SELECT contact_id, type, tile, count(*) FROM interaction WHERE journey_id = %s"
                " AND contact_id IS NOT NULL GROUP BY 1, 2, 3",
                [self.journey],
            )
            found["log"] = Counter({(place[who], kind, at): count for who, kind, at, count in cursor.fetchall()})
        return found


def _list_tiles(journey: int) -> list[dict[str, Any]]:
    tiles: list[dict[str, Any]] = Journey.objects.get(pk=journey).definition["tiles"]
    return tiles


@pytest.mark.usefixtures("shipping")
def test_a_kill_between_any_two_statements_of_a_journey_to_companies_changes_nothing_in_the_end(killer: Killer) -> None:
    calm = Calm()
    undisturbed, killed = Story(calm, first_block=10), Story(killer, first_block=20)
    with halving():
        undisturbed.tell()
        killed.tell()
    assert killer.killed_at.total() > 100
    expected = undisturbed.result()
    assert killed.result() == expected
    assert all(expected[name] for name in ("activity", "lead", "workflow_call", "channel_activity", "decisions"))
    assert {each[-1] for each in expected["resumptions"]} == {"business_unit"}
    check_ledger(killed.journey)
    assert_audit_clean()
    if STRIDE == 1:
        assert calm.passed <= set(killer.killed_at), "somebody must have died before every statement"
