"""Random journeys and random lives: the set-based engine's ledger is that of a plain, row-at-a-time reference model.

SENET_TEST_EXAMPLES sets how many are tried, each run others; without it, the same few are tried every time.
"""

from __future__ import annotations

import copy
import itertools
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

import senet.people
from senet.accounts.values import Author
from senet.content.models import ContentSettings, Email
from senet.integrations.models import ChannelActivity
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys import actions
from senet.journeys.engine import tick
from senet.journeys.models import Journey
from senet.journeys.values import RUNNING
from senet.people.models import Contact
from senet.shared import sql
from tests.support.ab_tests import halving
from tests.support.accounts import main_unit, make_unit, make_user
from tests.support.channels import make_channel, respond
from tests.support.databases import wait_for_older_transactions
from tests.support.journeys import (
    START,
    World,
    join,
    leave,
    make_content_settings,
    make_email,
    make_list,
    make_segment,
    visits,
)
from tests.support.people import make_company, make_contacts_at
from tests.support.random_journeys import (
    COMPANY,
    EMAILS,
    LINKS,
    LISTS,
    MEMBERS,
    PEOPLE,
    PROTECTED,
    SAME_URL,
    SEGMENTS,
    Drawing,
    Event,
    drawings,
    events,
)
from tests.support.reference_model import Key, Model
from tests.support.reference_outside import Deed, Outside, Visit
from tests.support.webhooks import make_workflow

EXAMPLES = int(os.environ.get("SENET_TEST_EXAMPLES", "0"))
BLOCK = 1024  # contact ids are called in by blocks of so many; the people lie in several
EFFECTS = {  # table → the company that a row was made for, if it was made for one
    "message": "NULL",
    "activity": "CASE WHEN contact_id IS NULL THEN company_id END",
    "lead": "CASE WHEN for_company THEN company_id END",
    "workflow_call": "CASE WHEN activity_id IS NULL THEN company_id END",
    "channel_activity": "NULL",
}
_numbers = itertools.count(1)
_blocks = itertools.count(1000, 1000)


class Played:
    """The story as the engine plays it."""

    def __init__(self, drawing: Drawing, members: Mapping[tuple[str, int], frozenset[int]]) -> None:
        first = next(_blocks)
        self.people = make_contacts_at([BLOCK * (first + number // 2) + number for number in range(PEOPLE)])
        self._employ_and_protect()
        self.channels = [make_channel(compliance_column="do_not_email"), make_channel()]
        self.elsewhere = make_unit()
        self.emails = [make_email(*LINKS) for _ in range(EMAILS)]
        self.settings, (self.workflow, _) = make_content_settings(), make_workflow()
        self.audiences = {("segment", number): make_segment() for number in range(SEGMENTS + 1)}
        self.audiences |= {("list", number): make_list() for number in range(LISTS)}
        for (kind, number), people in members.items():
            join(kind, self.audiences[kind, number], [self.people[person] for person in sorted(people)])
        self.world = World()
        self.drawn = self.live = dict(drawing.tiles)
        self.journey = self._draw(drawing)
        self.failed = 0

    def _employ_and_protect(self) -> None:
        self.companies = [make_company().pk for _ in {*COMPANY.values()} - {None}]
        for person, company in COMPANY.items():
            if company is not None:
                Contact.objects.filter(pk=self.people[person]).update(company=self.companies[company])
        Contact.objects.filter(pk__in=[self.people[person] for person in PROTECTED[0]]).update(do_not_email=True)

    def _draw(self, drawing: Drawing) -> int:
        wanted = dict(drawing.settings)
        suppression = wanted.pop("suppression")
        return actions.create_journey(
            author=Author(make_user().pk, main_unit().pk),
            now=self.world.now,
            name="Random",
            definition={"tiles": [self._realise(tile) for tile in drawing.tiles.values()]},
            content_settings_id=self.settings,
            suppression_segment_id=None if suppression is None else self.audiences["segment", suppression],
            **wanted,
        )

    def _realise(self, tile: Mapping[str, Any]) -> dict[str, Any]:
        """Put real records in the place of numbers."""
        made = copy.deepcopy(dict(tile))
        for source in made.get("sources", ()):
            source["id"] = self.audiences[source["kind"], source["id"]]
        if "email_id" in made:
            made["email_id"] = self.emails[made["email_id"]]
            made["ab_test_id"] = made["ab_test_id"] and Email.objects.get(pk=made["email_id"]).live_version_id
        if "workflow_id" in made:
            made["workflow_id"] = self.workflow
        if "channel_id" in made:
            made["channel_id"] = self.channels[made["channel_id"]]
        return made

    @property
    def status(self) -> str:
        return Journey.objects.get(pk=self.journey).status

    @property
    def now(self) -> datetime:
        return self.world.now

    # -- events

    def tick(self, minutes: int, chunk: int) -> None:
        self.world.clock.advance(timedelta(minutes=minutes))
        wait_for_older_transactions()
        self.failed += tick(self.now, chunk=chunk).failed
        assert tick(self.now, chunk=chunk).chunks == 0

    def join(self, audience: tuple[str, int], person: int, by: str) -> None:
        exists = Contact.objects.filter(pk=self.people[person]).exists()
        if exists and not self._is_member(audience, person):
            join(audience[0], self.audiences[audience], [self.people[person]], by=by, at=self.now)

    def leave(self, audience: tuple[str, int], person: int, by: str) -> None:
        leave(audience[0], self.audiences[audience], [self.people[person]], by=by, at=self.now)

    def _is_member(self, audience: tuple[str, int], person: int) -> bool:
        kind = audience[0]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {kind}_member WHERE {kind}_id = %s AND contact_id = %s)",
                [self.audiences[audience], self.people[person]],
            )
            return bool(cursor.fetchone()[0])

    def interact(
        self, what: tuple[str, int, int], people: Sequence[int], verdict: str | None, minutes_ago: int, before: int
    ) -> None:
        if self.status == "draft":
            return
        kind, tile, detail = what
        of_message = {"journey_id": self.journey, "tile": tile, "iteration": max(1, self._iteration() - before)}
        more: dict[str, Any] = {"form_id": detail} if kind.startswith("Form") else {**of_message, "link": detail}
        at = _shortly_before(self.now, minutes_ago)
        record([Interaction(kind, at, contact_id=self.people[person], verdict=verdict, **more) for person in people])

    def respond(self, tile: int, person: int, answer: Mapping[str, Any], minutes_ago: int, before: int) -> None:
        where = {"journey_id": self.journey, "tile": tile, "iteration": max(1, self._iteration() - before)}
        for activity in ChannelActivity.objects.filter(**where, contact_id=self.people[person]):
            at = _shortly_before(self.now, minutes_ago)
            keyword = (answer["keyword"] or "").upper()  # as people write
            assert respond(activity.pk, answer["response"], keyword, now=self.now, at=at).result == "recorded"

    def transfer(self, person: int, away: bool) -> None:
        unit = self.elsewhere if away else main_unit()
        Contact.objects.filter(pk=self.people[person]).update(business_unit=unit)

    def _iteration(self) -> int:
        return Journey.objects.get(pk=self.journey).iterations.count()

    def consent(self, person: int, level: int) -> None:
        Contact.objects.filter(pk=self.people[person]).update(consent_level=level)

    def move(self, person: int) -> None:
        Contact.objects.filter(pk=self.people[person]).update(city=f"City {next(_numbers)}")

    def delete(self, person: int) -> None:
        with transaction.atomic():
            sql.execute(senet.people, "leave_all_audiences", {"contact_id": self.people[person], "now": self.now})
            Contact.objects.filter(pk=self.people[person]).delete()

    def set_content_settings(self, live: bool) -> None:
        ContentSettings.objects.filter(pk=self.settings).update(status="live" if live else "stopped")

    def go_live(self) -> None:
        self.live = dict(self.drawn)
        actions.go_live(self.journey, now=self.now)

    def stop(self) -> None:
        if self.status in RUNNING:
            actions.stop(self.journey, now=self.now)

    def resume(self, asked: bool) -> None:
        """Go live again, at once or by the next tick; an end that has come is put off."""
        journey = Journey.objects.get(pk=self.journey)
        if journey.status in {"stopped", "error"} and self._may_go_live():
            if journey.end_at is not None and journey.end_at <= self.now:
                actions.update_journey(self.journey, {"end_at": self.now + timedelta(days=5)}, now=self.now)
            if asked:
                self.live = dict(self.drawn)
                actions.request_go_live(self.journey, now=self.now)
            else:
                self.go_live()

    def _may_go_live(self) -> bool:
        sends = any(tile["kind"] == "email" for tile in self.drawn.values())
        return not sends or ContentSettings.objects.get(pk=self.settings).status == "live"

    def edit(self, tiles: Mapping[int, Mapping[str, Any]]) -> None:
        if self.status == "live":
            actions.edit(self.journey, now=self.now)
        if self.status in {"live_editable", "stopped"}:
            for tile_id, properties in tiles.items():
                self.drawn[tile_id] = {**self.drawn[tile_id], **properties}
            definition = {"tiles": [self._realise(tile) for tile in self.drawn.values()]}
            actions.update_journey(self.journey, {"definition": definition}, now=self.now)

    def publish(self) -> None:
        if self.status == "live_editable" and self._may_go_live():
            self.go_live()

    def cancel_edit(self) -> None:
        if self.status == "live_editable":
            actions.cancel_edit(self.journey, now=self.now)
            self.drawn = dict(self.live)

    # -- what came of it

    def result(self) -> dict[str, Any]:
        number = {contact: place for place, contact in enumerate(self.people)}
        ledger = {
            (row.iteration, row.tile, number[row.contact_id]): Visit(
                row.arrived_at, row.due_at, row.left_at, row.outcome, row.reason, row.branch
            )
            for row in visits(self.journey)
        }
        return {
            "visits": ledger,
            "effects": {effect for table in EFFECTS for effect in self._list_effects(table, number)},
            "status": self.status,
            "failed": self.failed,
        }

    def _list_effects(self, table: str, number: Mapping[int, int]) -> list[tuple[str, Key]]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT iteration, tile, contact_id, {EFFECTS[table]} AS company FROM {table} WHERE journey_id = %s",
                [self.journey],
            )
            rows = cursor.fetchall()
        there = set(Contact.objects.filter(pk__in=self.people).values_list("pk", flat=True))
        effects = []
        for iteration, tile, contact, company in rows:
            if company is not None:
                effects.append((table, (iteration, tile, -1 - self.companies.index(company))))
            elif contact in there:  # who was deleted has no leads any more
                effects.append((table, (iteration, tile, number[contact])))
        return effects

    def close(self) -> None:
        """Let the journey be none of the next example's business."""
        Journey.objects.filter(pk=self.journey).update(status="expired")


@pytest.fixture
def halves() -> Iterator[None]:
    """A/B tests that hold half of everybody."""
    with halving():
        yield


class Told:
    """The same story as the reference model tells it."""

    def __init__(
        self,
        drawing: Drawing,
        members: Mapping[tuple[str, int], frozenset[int]],
        ledger: Mapping[Key, Visit],
    ) -> None:
        joined = {key: set(people) for key, people in members.items()}
        self.outside = Outside(joined, SAME_URL, dict.fromkeys(range(PEOPLE), 4), COMPANY, PROTECTED)
        self.ledger = ledger
        self.model = Model(self.outside, drawing.settings, drawing.tiles, self._lot)
        self.now = START

    def _lot(self, key: Key) -> int:
        drawn = self.ledger.get(key)
        assert drawn is not None, f"{key}: nobody of them came there"
        if self.model.tiles[key[1]]["kind"] == "email":
            return int(drawn.due_at is not None and drawn.due_at > self.model.now)
        assert drawn.branch is not None
        return drawn.branch

    def tick(self, minutes: int, chunk: int) -> None:  # noqa: ARG002  the model knows no chunks
        self.now += timedelta(minutes=minutes)
        if self.model.status == "going_live":
            self.model.status = self.model.status_before
            if self._may_go_live():
                self.model.publish(self.now)
            else:
                self.model.status = "error"
        self.model.tick(self.now)
        self.outside.is_read()

    def join(self, audience: tuple[str, int], person: int, by: str) -> None:
        self.outside.join(*audience, person, by)

    def leave(self, audience: tuple[str, int], person: int, by: str) -> None:
        self.outside.leave(*audience, person, by)

    def interact(
        self, what: tuple[str, int, int], people: Sequence[int], verdict: str | None, minutes_ago: int, before: int
    ) -> None:
        kind, tile, detail = what
        at = _shortly_before(self.now, minutes_ago)
        if self.model.status == "draft" or verdict == "bot":
            return
        for person in people:
            if kind.startswith("Form"):
                deed = Deed(kind, person, at, form=detail)
            else:
                deed = Deed(kind, person, at, max(1, self.model.iteration - before), tile, detail)
            self.outside.deeds.append(deed)

    def respond(self, tile: int, person: int, answer: Mapping[str, Any], minutes_ago: int, before: int) -> None:
        iteration, at = max(1, self.model.iteration - before), _shortly_before(self.now, minutes_ago)
        if ("channel_activity", (iteration, tile, person)) in self.model.effects:
            said = {"response": answer["response"], "keyword": answer["keyword"] or ""}
            self.outside.deeds.append(Deed("CustomChannelResponse", person, at, iteration, tile, **said))

    def transfer(self, person: int, away: bool) -> None:
        self.outside.transfer(person, away)

    def consent(self, person: int, level: int) -> None:
        self.outside.agree(person, level)

    def move(self, person: int) -> None:
        if person not in self.outside.deleted and self.model.status in RUNNING:
            self.model.moved.append(person)

    def delete(self, person: int) -> None:
        self.outside.delete(person)

    def set_content_settings(self, live: bool) -> None:
        self.outside.settings_live = live

    def go_live(self) -> None:
        self.model.publish(self.now)

    def stop(self) -> None:
        if self.model.status in RUNNING:
            self.model.stop(self.now)

    def resume(self, asked: bool) -> None:
        model = self.model
        if model.status in {"stopped", "error"} and self._may_go_live():
            if model.drawn_end is not None and model.drawn_end <= self.now:
                model.drawn_end = self.now + timedelta(days=5)
            if asked:
                model.status_before, model.status = model.status, "going_live"
            else:
                model.publish(self.now)

    def _may_go_live(self) -> bool:
        sends = any(tile["kind"] == "email" for tile in self.model.drawn.values())
        return not sends or self.outside.settings_live

    def edit(self, tiles: Mapping[int, Mapping[str, Any]]) -> None:
        if self.model.status in {"live", "live_editable", "stopped"}:
            self.model.drawn |= {tile: {**self.model.drawn[tile], **changed} for tile, changed in tiles.items()}
            if self.model.status == "live":
                self.model.status = "live_editable"

    def publish(self) -> None:
        if self.model.status == "live_editable" and self._may_go_live():
            self.model.publish(self.now)

    def cancel_edit(self) -> None:
        if self.model.status == "live_editable":
            self.model.status = "live"
            self.model.drawn, self.model.drawn_end = dict(self.model.tiles), self.model.end_at

    def result(self) -> dict[str, Any]:
        model = self.model
        effects = {(table, key) for table, key in model.effects if key[2] not in self.outside.deleted}
        return {"visits": model.visits, "effects": effects, "status": model.status, "failed": 0}


def _shortly_before(now: datetime, minutes_ago: int) -> datetime:
    """A moment that no tick has: who arrives at a tick has not arrived before it, nor after."""
    return now - timedelta(minutes=minutes_ago, seconds=30)


def check_shares(model: Model) -> None:
    """Assert that each split gave each branch what it should, whoever it was."""
    came: Counter[tuple[int, int]] = Counter()
    for (iteration, tile, _), count in model.taken.items():
        came[iteration, tile] += count
    for (iteration, tile), people in came.items():
        left, drawn = people, model.tiles[tile]
        for branch, each in enumerate(drawn["branches"][:-1]):
            taken = model.taken[iteration, tile, branch]
            if drawn["by"] == "value":
                assert taken == min(each["amount"], left), (tile, branch, taken)
            else:
                assert abs(taken - people * each["amount"] / 100) <= 1, (tile, branch, taken)
            left -= taken


def play(story: Played | Told, happenings: Sequence[Event]) -> None:
    """Let everything happen, one after another, and at last enough time pass for all to come to rest."""
    story.go_live()
    for name, *arguments in [("tick", 0, 1000), *happenings, *[("tick", 4000, 1000)] * 3]:
        getattr(story, name)(*arguments)


STORIES = drawings().flatmap(lambda drawing: st.tuples(st.just(drawing), MEMBERS, events(drawing)))


@settings(
    max_examples=EXAMPLES or 120,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(STORIES)
def test_the_engines_ledger_is_that_of_the_reference_model(
    committed: None,
    quiet: None,
    halves: None,
    story: tuple[Drawing, Mapping[tuple[str, int], frozenset[int]], list[Event]],
) -> None:
    drawing, members, happenings = story
    note(f"{drawing!r}\nmembers: {members}\n" + "\n".join(map(str, happenings)))
    played = Played(drawing, members)
    try:
        play(played, happenings)
        found = played.result()
    finally:
        played.close()
    told = Told(drawing, members, found["visits"])
    play(told, happenings)
    expected = told.result()
    for name in ("failed", "status", "effects"):
        assert found[name] == expected[name], name
    differ = {
        key: (found["visits"].get(key), expected["visits"].get(key))
        for key in {*found["visits"], *expected["visits"]}
        if found["visits"].get(key) != expected["visits"].get(key)
    }
    assert not differ, "\n".join(f"{key}: engine {ours}, model {theirs}" for key, (ours, theirs) in differ.items())
    check_shares(told.model)
