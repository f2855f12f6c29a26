"""Builders: journeys drawn in a few words, their audiences and emails, and a clock to run them by.

world = World()
people = make_contacts(3)
mail = make_email()
journey = world.draw(audience(make_segment(people)) >> email(mail) >> if_then(opened(2), days=7, yes=task("Call")))
world.go_live(journey)
world.tick(days=3)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from senet.accounts.values import Author
from senet.audiences.models import Segment, SubscriptionList
from senet.content.models import ContentSettings, Email, EmailLink, EmailVersion
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys import actions
from senet.journeys.engine import tick
from senet.journeys.models import ActivityTemplate, Journey
from senet.journeys.values import TickReport
from senet.shared.clock import VirtualClock
from tests.support.accounts import main_unit, make_user
from tests.support.databases import wait_for_older_transactions

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_numbers = itertools.count(1)
Json = dict[str, Any]


@dataclass
class Lane:
    """Tiles one after another; `>>` adds the next, ways of a branch are lanes of their own."""

    tile: Json
    ways: dict[str, Lane | None] = field(default_factory=dict)
    following: Lane | None = None

    def __rshift__(self, other: Lane) -> Lane:
        last = self
        while last.following is not None:
            last = last.following
        last.following = other
        return self

    def number(self, ids: Iterable[int]) -> list[Json]:
        """Return the tiles as JSON, numbered in reading order: along the lane, then each branch."""
        ids = iter(ids)
        return self._number(ids)

    def _number(self, ids: Any) -> list[Json]:
        if self.tile["kind"] == "tile":
            return []  # it is drawn elsewhere
        self.tile["id"] = next(ids)
        tiles = [self.tile]
        if self.following is not None:
            tiles += self.following._number(ids)
            self.tile["next"] = self.following.tile["id"]
        for way, lane in self.ways.items():
            tile_id = None
            if lane is not None:
                tiles += lane._number(ids)
                tile_id = lane.tile["id"]
            if way.isdigit():
                self.tile["branches"][int(way)]["next"] = tile_id
            else:
                self.tile[way] = tile_id
        return tiles


def audience(*segments: int, lists: Sequence[int] = (), exclude: Sequence[int] = (), merge: str = "union") -> Lane:
    """An audience of segments and lists."""
    sources = [{"kind": "segment", "id": each} for each in segments]
    sources += [{"kind": "list", "id": each} for each in lists]
    sources += [{"kind": "segment", "id": each, "containment": "exclude"} for each in exclude]
    return Lane({"kind": "audience", "sources": sources, "merge": merge})


def tile(tile_id: int) -> Lane:
    """The tile of that number, drawn elsewhere: where lanes meet."""
    return Lane({"kind": "tile", "id": tile_id})


def form_submitted(form_id: int | None) -> Lane:
    """An entrance for whoever submits a form."""
    return Lane({"kind": "form_submitted", "form_id": form_id})


def record_updated(entity: str = "contact", event: str = "update", column: str | None = None) -> Lane:
    """An entrance for the contacts of records on which something happens."""
    return Lane({"kind": "record_updated", "entity": entity, "event": event, "column": column})


def email(email_id: int | None, **more: Any) -> Lane:
    """An email tile; schedule, expires_at and ab_test_id may be given."""
    return Lane({"kind": "email", "email_id": email_id, **more})


def window(*weekdays: int, times: Sequence[str] = ()) -> Json:
    """A window: weekdays from 0 (Monday), times such as "09:00-17:00"."""
    spans = [dict(zip(("start", "end"), each.split("-"), strict=True)) for each in times]
    return {"weekdays": list(weekdays), "times": spans}


def wait(restriction: Json | None = None, **duration: int) -> Lane:
    """A wait of days=…, hours=… or minutes=…, with or without a restriction window."""
    return Lane({"kind": "wait_for", "duration": _duration(duration), "restriction": restriction})


def wait_until(at: str, restriction: Json | None = None) -> Lane:
    """A wait until a local date and time, with or without a restriction window."""
    return Lane({"kind": "wait_until", "at": at, "restriction": restriction})


def if_then(
    *rules: Json,
    logic: str = "or",
    yes: Lane | None = None,
    no: Lane | None = None,
    based_on: str = "contact",
    **timeout: int,
) -> Lane:
    """An if/then tile with rules such as opened(2) and a timeout of days=… or hours=…."""
    tile = {
        "kind": "if_then",
        "rules": list(rules),
        "logic": logic,
        "timeout": _duration(timeout),
        "based_on": based_on,
    }
    return Lane(tile, {"yes": yes, "no": no})


def split(*branches: tuple[float | None, Lane | None], by: str = "percentage") -> Lane:
    """A split into (amount, lane) branches; the last amount is None."""
    drawn = [{"label": chr(65 + place), "amount": amount} for place, (amount, _) in enumerate(branches)]
    ways = {str(place): lane for place, (_, lane) in enumerate(branches)}
    return Lane({"kind": "split", "by": by, "branches": drawn}, ways)


def task(subject: str = "Call", **more: Any) -> Lane:
    """A task tile."""
    return Lane({"kind": "task", "subject": subject, **more})


def phone_call(subject: str = "Ring", **more: Any) -> Lane:
    """A phone call tile."""
    return Lane({"kind": "phone_call", "subject": subject, **more})


def appointment(subject: str = "Meet", **more: Any) -> Lane:
    """An appointment tile; it starts a day after somebody has come and lasts an hour, unless more is said."""
    times = {"start_after": _duration({"days": 1}), "length": _duration({"hours": 1})}
    return Lane({"kind": "appointment", "subject": subject, **times, **more})


def make_template(kind: str = "task", **columns: Any) -> int:
    """An activity template."""
    columns = {"name": f"Template {next(_numbers)}", "subject": "Do it", **columns}
    unit = columns.pop("business_unit", None) or main_unit()
    return ActivityTemplate.objects.create(
        kind=kind, business_unit=unit, created_at=START, updated_at=START, **columns
    ).pk


def update_column(column: str, value: object, **more: Any) -> Lane:
    """A tile that sets a column of contacts."""
    return Lane({"kind": "update_column", "column": column, "value": value, **more})


def create_lead(**more: Any) -> Lane:
    """A tile that makes leads."""
    return Lane({"kind": "create_lead", **more})


def leave_journey() -> Lane:
    """An exit tile."""
    return Lane({"kind": "exit"})


def run_workflow(workflow_id: int | None, **more: Any) -> Lane:
    """A run-workflow tile."""
    return Lane({"kind": "run_workflow", "workflow_id": workflow_id, **more})


def custom_channel(channel_id: int | None, **more: Any) -> Lane:
    """A custom-channel tile."""
    return Lane({"kind": "custom_channel", "channel_id": channel_id, **more})


def responded(source: int, response: str | None, keyword: str | None = None) -> Json:
    """The rule: the channel of that tile brought the response."""
    return {"source": source, "condition": "responded", "response": response, "keyword": keyword}


def opened(source: int) -> Json:
    """The rule: the email of that tile was opened."""
    return {"source": source, "condition": "opened"}


def clicked(source: int, link: int | None = None) -> Json:
    """The rule: any link, or the one of that number, was clicked."""
    return {"source": source, "condition": "clicked" if link is None else "clicked_link", "link": link}


def delivered(source: int) -> Json:
    """The rule: the email of that tile was delivered."""
    return {"source": source, "condition": "delivered"}


def _duration(parts: dict[str, int]) -> Json | None:
    if not parts:
        return None
    ((unit, amount),) = parts.items()
    return {"amount": amount, "unit": unit}


def make_segment(contact_ids: Iterable[int] = (), *, status: str = "live") -> int:
    """A static segment with these members."""
    segment = Segment.objects.create(
        name=f"Segment {next(_numbers)}", kind="static", status=status, business_unit=main_unit()
    )
    join("segment", segment.pk, contact_ids)
    return segment.pk


def make_list(contact_ids: Iterable[int] = ()) -> int:
    """A subscription list with these members."""
    made = SubscriptionList.objects.create(name=f"List {next(_numbers)}", business_unit=main_unit())
    join("list", made.pk, contact_ids)
    return made.pk


def join(kind: str, audience_id: int, contact_ids: Iterable[int], *, by: str = "user", at: datetime = START) -> None:
    """Let contacts join a segment or list, as the audiences room writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH joined AS (INSERT INTO {kind}_member ({kind}_id, contact_id, joined_at)"
            " SELECT %s, unnest(%s::bigint[]), %s RETURNING contact_id)"
            " INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)"
            " SELECT %s, %s, contact_id, 1, %s, %s FROM joined",
            [audience_id, list(contact_ids), at, kind, audience_id, by, at],
        )


def leave(kind: str, audience_id: int, contact_ids: Iterable[int], *, by: str = "user", at: datetime = START) -> None:
    """Let contacts leave a segment or list."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (DELETE FROM {kind}_member WHERE {kind}_id = %s AND contact_id = ANY (%s)"
            " RETURNING contact_id)"
            " INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)"
            " SELECT %s, %s, contact_id, -1, %s, %s FROM gone",
            [audience_id, list(contact_ids), kind, audience_id, by, at],
        )


def skip_news() -> None:
    """Let the readers of logs pass what was written up to now, so that an audience comes by its call alone."""
    wait_for_older_transactions()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engine_position SET xid = senet_horizon()")


def make_email(*links: str, status: str = "live", **compiled: str) -> int:
    """An email that is live in one version, with these links."""
    made = Email.objects.create(name=f"Email {next(_numbers)}", status=status, business_unit=main_unit())
    publish_email(made.pk, *links, **compiled)
    return made.pk


def publish_email(email_id: int, *links: str, **compiled: str) -> int:
    """Give an email a further live version; more of what was compiled is given by name, such as html=…"""
    compiled = {"legal_designation": "commercial", **compiled}
    made = Email.objects.get(pk=email_id)
    number = made.versions.count() + 1
    version = EmailVersion.objects.create(email=made, number=number, compiled=compiled, source={}, published_at=START)
    for place, url in enumerate(links, start=1):
        EmailLink.objects.create(version=version, number=place, url=url)
    Email.objects.filter(pk=email_id).update(live_version_id=version.pk)
    return version.pk


def make_content_settings(*, status: str = "live") -> int:
    """Content settings."""
    return ContentSettings.objects.create(
        name=f"Settings {next(_numbers)}", status=status, business_unit=main_unit()
    ).pk


@dataclass
class World:
    """Journeys on a virtual clock."""

    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))

    @property
    def now(self) -> datetime:
        """The moment that the clock shows."""
        return self.clock.now()

    def draw(self, lane: Lane, *lanes: Lane, **settings: Any) -> int:
        """Draw a journey, of one lane or several, and return its id; it starts now unless told otherwise."""
        settings.setdefault("start_at", self.now)
        settings.setdefault("name", f"Journey {next(_numbers)}")
        if "content_settings_id" not in settings:
            settings["content_settings_id"] = make_content_settings()
        author = Author(make_user().pk, main_unit().pk)
        ids = itertools.count(1)
        tiles = [tile for each in (lane, *lanes) for tile in each.number(ids)]
        return actions.create_journey(author=author, now=self.now, definition={"tiles": tiles}, **settings)

    def go_live(self, journey_id: int) -> None:
        """Take a journey live."""
        actions.go_live(journey_id, now=self.now)

    def run(self, lane: Lane, *lanes: Lane, **settings: Any) -> int:
        """Draw a journey, take it live and tick once."""
        journey_id = self.draw(lane, *lanes, **settings)
        self.go_live(journey_id)
        self.tick()
        return journey_id

    def tick(self, **step: float) -> TickReport:
        """Move the clock on (days=…, hours=…) and do what is due."""
        self.clock.advance(timedelta(**step))
        wait_for_older_transactions()
        return tick(self.now)

    def interact(self, kind: str, journey_id: int, tile: int, contact_ids: Iterable[int], **more: Any) -> None:
        """Let people do something with the message of an email tile, now."""
        more.setdefault("at", self.now)
        more.setdefault("iteration", 1)
        record(
            [
                Interaction(kind, journey_id=journey_id, tile=tile, contact_id=contact_id, **more)
                for contact_id in contact_ids
            ]
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """One row of the ledger."""

    tile: int
    contact_id: int
    arrived_at: datetime
    due_at: datetime | None
    left_at: datetime | None
    outcome: str | None
    reason: str | None
    branch: int | None
    iteration: int


def visits(journey_id: int, *, tile: int | None = None, contact: int | None = None) -> list[Visit]:
    """The ledger of a journey, a tile, or a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tile, contact_id, arrived_at, due_at, left_at, outcome, reason, branch, iteration"
            " FROM visit"
            " WHERE journey_id = %s AND (%s::int IS NULL OR tile = %s) AND (%s::bigint IS NULL OR contact_id = %s)"
            " ORDER BY contact_id, iteration, arrived_at, tile",
            [journey_id, tile, tile, contact, contact],
        )
        return [Visit(*row) for row in cursor.fetchall()]


def standing(journey_id: int) -> dict[int, int]:
    """Where people stand: contact → tile."""
    return {visit.contact_id: visit.tile for visit in visits(journey_id) if visit.left_at is None}


def at(journey_id: int, tile: int) -> set[int]:
    """Everybody who ever arrived at a tile."""
    return {visit.contact_id for visit in visits(journey_id, tile=tile)}


def messages(journey_id: int) -> list[tuple[int, int, str, str | None]]:
    """The outbox of a journey: tile, contact, state, reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tile, contact_id, state, reason FROM message WHERE journey_id = %s ORDER BY tile, contact_id",
            [journey_id],
        )
        rows: list[tuple[int, int, str, str | None]] = cursor.fetchall()
    return rows


def status(journey_id: int) -> str:
    """A journey's status."""
    return Journey.objects.get(pk=journey_id).status


def check_ledger(journey_id: int) -> None:
    """Assert what is true of every ledger: nobody stands twice, every visit begins where another ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id FROM visit WHERE journey_id = %s AND left_at IS NULL"
            " GROUP BY contact_id HAVING count(*) > 1",
            [journey_id],
        )
        assert not cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM visit WHERE journey_id = %s"
            " AND (left_at IS NULL) <> (outcome IS NULL AND left_xid IS NULL)",
            [journey_id],
        )
        assert cursor.fetchone() == (0,)
    graph = {tile["id"]: tile for tile in Journey.objects.get(pk=journey_id).definition["tiles"]}
    came = {(visit.contact_id, visit.iteration, visit.tile): visit for visit in visits(journey_id)}
    for visit in came.values():
        if visit.outcome == "processed":
            following = _follow(graph[visit.tile], visit.branch or 0)
            if following is not None:
                assert came[visit.contact_id, visit.iteration, following].arrived_at == visit.left_at


def _follow(tile: Json, branch: int) -> int | None:
    way = "yes" if branch == 0 else "no"
    following: int | None = (
        tile["branches"][branch]["next"] if tile["kind"] == "split" else tile.get(way, tile.get("next"))
    )
    return following
