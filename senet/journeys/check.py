"""Check for errors: all that is wrong with a journey, at once, each finding with a code, a sentence and advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import senet.journeys
from senet.integrations.queries import find_channels, find_workflows
from senet.journeys.activities import find_contents
from senet.journeys.definition import Definition, read_definition
from senet.journeys.models import Journey
from senet.journeys.tiles import ActivityTile, CustomChannelTile, EmailTile, Entrance, RunWorkflowTile, UpdateColumnTile
from senet.journeys.tiles.base import Checking, Tile
from senet.journeys.tiles.record_updated import ENTITIES
from senet.journeys.values import EmailTraits, TileFacts, Verdict
from senet.people.custom import load_definitions
from senet.shared import sql
from senet.shared.clock import find_zone
from senet.shared.errors import InvalidInput, Problem, Problems

ITERATIONS_DO_NOT_FIT = "ErrorRecurringCampaignEndDateDoesNotFitRequestedIterations"  # the replaced product's own code


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found; only errors forbid going live."""

    problems: tuple[Problem, ...]
    tiles: Sequence[tuple[int, Verdict]] = ()

    @property
    def errors(self) -> list[Problem]:
        """Return the findings that forbid going live."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def verdict(self) -> Verdict:
        """Return the worst of the findings."""
        return judge(self.problems)


def judge(problems: Sequence[Problem]) -> Verdict:
    """Return the verdict that findings add up to; information counts as valid."""
    severities = {problem.severity for problem in problems}
    if "error" in severities:
        return Verdict.ERROR
    return Verdict.WARNING if "warning" in severities else Verdict.VALID


def check_journey(journey: Journey, now: datetime) -> CheckReport:
    """Return everything that is wrong with a journey as it is drawn now."""
    try:
        definition = read_definition(journey.definition)
    except InvalidInput as error:
        return CheckReport(error.problems)
    problems = Problems()
    facts = gather_facts(journey, definition)
    _check_settings(journey, definition, facts, now, problems)
    _check_graph(definition, problems)
    zone = find_zone(journey.time_zone) or ZoneInfo("UTC")
    for tile in definition.tiles:
        ancestors = definition.find_ancestors(tile.id)
        checking = Checking(definition.tiles, facts, zone, journey.end_at, now, ancestors, problems)
        checking = replace(checking, minimum_consent=journey.minimum_consent, target=journey.target)
        tile.check(replace(checking, start_at=journey.start_at, journey_id=journey.pk))
    verdicts = [
        (tile.id, judge([each for each in problems.found if _concerns(each, tile)])) for tile in definition.tiles
    ]
    return CheckReport(tuple(problems.found), verdicts)


def _concerns(problem: Problem, tile: Tile) -> bool:
    return problem.where == f"tiles.{tile.id}"


def _check_settings(
    journey: Journey, definition: Definition, facts: TileFacts, now: datetime, problems: Problems
) -> None:
    if not journey.name.strip():
        problems.add("name_missing", "The journey has no name.", where="name", advice="Give it a name.")
    if find_zone(journey.time_zone) is None:
        message = f"There is no time zone “{journey.time_zone}”." if journey.time_zone else "The time zone is missing."
        problems.add("time_zone_missing", message, where="time_zone", advice="Choose one such as Europe/Berlin.")
    if journey.start_at is None:
        problems.add("start_missing", "The journey has no start.", where="start_at", advice="Say when it starts.")
    _check_end(journey, now, problems)
    if journey.is_recurring:
        _check_recurrence(journey, problems)
    segment = journey.suppression_segment_id
    if segment is not None and facts.segments.get(segment) != "live":
        message = f"The suppression segment is {facts.segments.get(segment, 'missing')}, not live."
        advice = "Take the segment live, or choose another."
        problems.add("suppression_not_live", message, where="suppression_segment_id", advice=advice)
    if any(segment in audience.included_segments for audience in definition.audiences):
        message = "The audience includes the suppression segment: its members are stopped as they enter."
        advice = "Choose another suppression segment, or exclude the segment from the audience."
        problems.add(
            "suppression_in_audience", message, where="suppression_segment_id", severity="warning", advice=advice
        )
    if any(isinstance(tile, EmailTile) for tile in definition.tiles):
        _check_content_settings(journey, facts, problems)


def _check_end(journey: Journey, now: datetime, problems: Problems) -> None:
    if journey.end_at is None:
        message = "The journey has no end: it runs until it is stopped."
        advice = "Set an end, or leave it open when that is meant."
        problems.add("end_missing", message, where="end_at", severity="warning", advice=advice)
    elif journey.start_at is not None and journey.end_at <= journey.start_at:
        message = "The journey ends before it starts."
        problems.add("end_before_start", message, where="end_at", advice="Move the end after the start.")
    elif journey.end_at <= now:
        problems.add("end_past", "The journey's end is past.", where="end_at", advice="Move the end into the future.")


def _check_recurrence(journey: Journey, problems: Problems) -> None:
    interval, count = journey.interval_days, journey.iteration_count
    if interval is None or interval < 1:
        message = "The journey recurs, but it is not set how many days an iteration lasts."
        problems.add("interval_missing", message, where="interval_days", advice="Say how many days, at least one.")
    if count is None or count < 1:
        message = "The journey recurs, but it is not set how often."
        problems.add("iteration_count_missing", message, where="iteration_count", advice="Say how many iterations.")
    if journey.end_at is None or journey.start_at is None or not interval or not count:
        return
    needed = timedelta(days=interval * count)
    zone = find_zone(journey.time_zone) or ZoneInfo("UTC")
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (journey.start_at, journey.end_at))
    if needed > end - start:
        message = (
            f"{count} iterations of {interval} days take {needed.days} days; "
            f"from start to end there are {(end - start).days}."
        )
        advice = "Move the end, or lower the count or the interval."
        problems.add(ITERATIONS_DO_NOT_FIT, message, where="iteration_count", advice=advice)


def _check_content_settings(journey: Journey, facts: TileFacts, problems: Problems) -> None:
    settings = journey.content_settings_id
    if settings is None or settings not in facts.content_settings:
        message = "The journey sends email but has no content settings."
        advice = "Choose the content settings whose address and links the emails carry."
        problems.add("content_settings_missing", message, where="content_settings_id", advice=advice)
    elif facts.content_settings[settings] not in {"live", "live_editable"}:
        message = f"The content settings are {facts.content_settings[settings]}, not live."
        advice = "Take the content settings live first."
        problems.add("content_settings_not_live", message, where="content_settings_id", advice=advice)


def _check_graph(definition: Definition, problems: Problems) -> None:
    entrances = definition.entrances
    if not entrances:
        advice = "Begin with an audience tile."
        problems.add("audience_missing", "There is no audience: nobody can enter.", where="tiles", advice=advice)
    on_the_way = set(definition.order)
    reachable = definition.find_reachable()
    incoming = definition.count_incoming()
    for tile in definition.tiles:
        where = f"tiles.{tile.id}"
        _check_ways(definition, tile, where, problems)
        if tile.id not in on_the_way and tile.id in definition.find_ancestors(tile.id):
            advice = "A journey only goes forward. Take one of the connections away."
            problems.add("cycle", "This tile leads back to itself.", where=where, advice=advice)
        elif entrances and tile.id not in reachable:
            advice = "Join it to the journey or remove it, before the first go-live fixes the drawing."
            message = "Nobody can come to this tile."
            problems.add("unreachable", message, where=where, severity="warning", advice=advice)
        if isinstance(tile, Entrance) and not tile.walkable and incoming[tile.id]:
            advice = "Let the lane end, or join it to another tile."
            problems.add("leads_to_entrance", "Another tile leads to where people enter.", where=where, advice=advice)
        if tile.id in definition.shared and not isinstance(tile, Entrance) and tile.id in _first_shared(definition):
            message = "More than one lane leads here. Whoever has been here goes no further the second time."
            problems.add("lanes_meet", message, where=where, severity="information")


def _first_shared(definition: Definition) -> set[int]:
    """Return the tiles where lanes meet first: shared ones with a tile before them that is not."""
    return {
        follower
        for tile, followers in definition.followers.items()
        for follower in followers
        if follower in definition.shared and tile not in definition.shared
    }


def _check_ways(definition: Definition, tile: Tile, where: str, problems: Problems) -> None:
    for branch, way in enumerate(tile.exits):
        label = tile.branch_label(branch)
        if way is not None and way not in definition.by_id:
            message = f"{f'The branch “{label}”' if label else 'This tile'} leads to tile {way}, which is not there."
            problems.add("dangling_branch", message, where=where, advice="Join it to a tile, or end the lane here.")
        elif way is None and len(tile.exits) > 1:
            message = f"Nothing follows on the branch “{label}”: people leave the journey there."
            advice = "Join a tile to it, or leave it when that is meant."
            problems.add("empty_branch", message, where=where, severity="warning", advice=advice)


def gather_facts(journey: Journey, definition: Definition) -> TileFacts:
    """Return what other records say about everything that a journey refers to: one statement."""
    audiences = definition.audiences
    segments = {source.id for tile in audiences for source in tile.sources if source.kind == "segment"}
    lists = {source.id for tile in audiences for source in tile.sources if source.kind == "list"}
    emails = {tile.email_id for tile in definition.tiles if isinstance(tile, EmailTile)}
    updates = [tile for tile in definition.tiles if isinstance(tile, UpdateColumnTile)]
    templates = {tile.template_id for tile in definition.tiles if isinstance(tile, ActivityTile)} - {None}
    rows = sql.fetch_all(
        senet.journeys,
        "find_references",
        {
            "segments": [each for each in {*segments, journey.suppression_segment_id} if each is not None],
            "lists": [each for each in lists if each is not None],
            "emails": [each for each in emails if each is not None],
            "content_settings_id": journey.content_settings_id,
            "users": [tile.value for tile in updates if tile.column == "owner_id" and type(tile.value) is int],
            "entities": list(ENTITIES),
        },
    )
    links: dict[int, dict[int, str]] = {}
    columns: dict[str, set[str]] = {}
    for kind, record, number, text in rows:
        if kind == "link":
            links.setdefault(record, {})[number] = text
        elif kind == "column":
            entity, _, column = text.partition(" ")
            columns.setdefault(entity, set()).add(column)
    return TileFacts(
        segments={record: text for kind, record, _, text in rows if kind == "segment"},
        lists=frozenset(record for kind, record, _, _ in rows if kind == "list"),
        emails={record: (text, number) for kind, record, number, text in rows if kind == "email"},
        links=links,
        variants={record: number for kind, record, number, _ in rows if kind == "variant"},
        content_settings={record: text for kind, record, _, text in rows if kind == "content_settings"},
        email_traits={
            record: EmailTraits(size, language or "") for kind, record, size, language in rows if kind == "traits"
        },
        confirmation_requests=frozenset(record for kind, record, _, _ in rows if kind == "confirmation"),
        refuse_large_emails=journey.refuse_large_emails,
        users=frozenset(record for kind, record, _, _ in rows if kind == "user"),
        custom_columns=load_definitions("contact") if updates else {},
        templates=find_contents(templates) if templates else {},
        columns={entity: frozenset(names) for entity, names in columns.items()},
        workflows=find_workflows(
            tile.workflow_id for tile in definition.tiles if isinstance(tile, RunWorkflowTile) and tile.workflow_id
        ),
        channels=find_channels(
            tile.channel_id for tile in definition.tiles if isinstance(tile, CustomChannelTile) and tile.channel_id
        ),
    )
