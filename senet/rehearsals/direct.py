"""One rehearsal from its beginning to its report: set the stage, draw the journey on it, go live, play, count."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from senet.accounts.values import Author
from senet.journeys import actions
from senet.journeys.active import find_active
from senet.journeys.locks import FREE
from senet.journeys.models import Journey
from senet.journeys.plan import Plan
from senet.messages.limits import AllLimits, find_limits
from senet.rehearsals.assuming import History, assume_all
from senet.rehearsals.play import Play, Played, Watch
from senet.rehearsals.report import Counting, count_ledger, list_days
from senet.rehearsals.stage import set_up
from senet.rehearsals.values import Assumption, RehearsalOptions, RehearsalReport

log = structlog.get_logger(__name__)

DEFAULT_DAYS = 60
_PLAYED_TYPES = frozenset(
    {"EmailOpened", "EmailClicked", "EmailDelivered", "EmailHardBounced", "EmailSoftBounced", "EmailBlockBounced"}
)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a journey is rehearsed, and when it ends itself meanwhile, if it does."""

    start: datetime
    until: datetime
    end_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a play went, and by which model."""

    played: Played
    assumptions: Sequence[Assumption]


def find_span(journey: Journey, options: RehearsalOptions, now: datetime) -> Span:
    """Return the virtual time: from the journey's start, or now if that is past, to its end or for the days asked for.

    A journey whose end is past is given as long as it had.
    """
    drawn_start = journey.start_at or now
    start = _to_minute(options.start_at or max(drawn_start, now))
    end_at = journey.end_at
    if end_at is not None and end_at <= start:
        end_at = start + max(end_at - drawn_start, timedelta(minutes=1))
    days = timedelta(days=options.days or DEFAULT_DAYS)
    return Span(start, min(start + days, end_at) if end_at else start + days, end_at)


def rehearse(
    rehearsal_id: int,
    journey: Journey,
    options: RehearsalOptions,
    *,
    span: Span,
    now: datetime,
    history: History,
    watch: Watch,
) -> RehearsalReport:
    """Rehearse a journey as it is drawn and return the report. This thread's connection is a stage.

    Raises: JourneyHasErrors, InvalidInput, EngineFailed, StageLost, and what `watch` raises.
    """
    began = time.monotonic()
    audience = set_up(rehearsal_id, journey, people=options.people, seed=options.seed)
    plan = _take_live(journey, span)
    assumptions, notes = assume_all(journey.pk, plan.snapshot.emails, options, history, now)
    played = Play(plan, assumptions, start=span.start, until=span.until, seed=options.seed).run(watch)
    report = _make_report(plan, options, span, audience, Outcome(played, assumptions))
    notes += _make_notes(plan, report)
    log.info("journey_rehearsed", journey_id=journey.pk, people=report.rehearsed, ticks=played.ticks)
    seconds = round(time.monotonic() - began, 2)
    return report.model_copy(
        update={"journey_id": journey.pk, "name": journey.name, "notes": notes, "seconds": seconds}
    )


def _take_live(journey: Journey, span: Span) -> Plan:
    """Draw the journey on the stage, let it go live there, and return its plan."""
    values = {name: getattr(journey, name) for name in FREE}
    values |= {"start_at": span.start, "end_at": span.end_at}
    author = Author(journey.owner_id, journey.business_unit_id)
    drawn = actions.create_journey(author=author, now=span.start, **values)
    actions.go_live(drawn, now=span.start)
    active = find_active(drawn)
    assert active is not None  # noqa: S101  it has just gone live
    return active.plan


def _make_report(plan: Plan, options: RehearsalOptions, span: Span, audience: int, outcome: Outcome) -> RehearsalReport:
    played = outcome.played
    rehearsed = min(audience, options.people)
    scale = audience / rehearsed if rehearsed else 1.0
    days = list_days(plan, span.start, played.until)
    counting = Counting(plan, days, count_ledger(plan, played.until), scale)
    return RehearsalReport(
        journey_id=0,
        name="",
        time_zone=plan.snapshot.time_zone,
        start_at=span.start,
        until=played.until,
        days=days,
        audience=audience,
        rehearsed=rehearsed,
        scale=scale,
        entered=counting.count_entered(),
        seed=options.seed,
        ticks=played.ticks,
        minutes_between_ticks=played.interval // timedelta(minutes=1),
        seconds=0,
        ended_early=played.ended_early,
        tiles=counting.count_tiles(),
        daily_queued=counting.count_queued(),
        daily_blocked=counting.count_blocked(),
        end_states=counting.count_end_states(),
        assumptions=outcome.assumptions,
        notes=[],
    )


def _make_notes(plan: Plan, report: RehearsalReport) -> list[str]:
    """Say what the numbers do not."""
    notes = []
    if report.audience == 0:
        notes.append("Nobody is in the audience now, so nobody enters.")
    if report.rehearsed < report.audience:
        notes.append(
            f"{report.rehearsed:,} of {report.audience:,} people were rehearsed, chosen by lot; every count is "
            f"multiplied by {report.scale:.2f} and rounded."
        )
    silent = sorted({question.type for question in plan.questions} - _PLAYED_TYPES)
    if silent:
        notes.append(f"Rules ask for {', '.join(silent)}, which nobody does in a rehearsal: those who wait go by No.")
    if plan.forms:
        notes.append("Nobody submits a form in a rehearsal, so nobody enters by one.")
    if limits := [words for words, is_set in _name_limits(find_limits()) if is_set]:
        notes.append(f"No sending limits are played: for {' and '.join(limits)} some mails will leave later, or not.")
    notes.append("Only today's audience enters; who joins later is not played.")
    notes.append("Each mail has lots of its own: who opened one is as likely as anybody else to open the next.")
    return notes


def _name_limits(limits: AllLimits) -> Sequence[tuple[str, bool]]:
    return (
        ("the frequency cap", any(each.caps for each in limits.every)),
        ("quiet hours", any(each.quiet_from is not None for each in limits.every)),
    )


def _to_minute(moment: datetime) -> datetime:
    whole = moment.astimezone(UTC).replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)
