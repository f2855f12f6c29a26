"""Answers for A/B tests: shares people out, holds the rest, and decides the winner, once.

Whatever two workers do at once, they wait for each other at the test's row: shares are exact over all who come, and who
comes to the row after the decision finds it there. Tables: ab_test (the content room's), ab_message.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

import senet.journeys
from senet.content.models import AbTest, AbVariant
from senet.content.values import AbChoice, AbMetric, AbStatus
from senet.journeys.ab_tests import Draw, Place, Share, UndrawnCohort
from senet.journeys.significance import find_p_value, needed_confidence
from senet.shared import sql
from senet.shared.errors import Conflict

log = structlog.get_logger(__name__)

ANSWERS = {AbMetric.CLICKS.value: "EmailClicked", AbMetric.OPENS.value: "EmailOpened"}
_BEGUN = (AbStatus.IN_PROGRESS.value, AbStatus.FINISHED.value)


class StoredAbTests:
    """The tests that authors made of their emails."""

    def find_problem(self, ab_test_id: int, place: Place) -> str | None:
        """Return why a tile cannot use a test, as a sentence; None when it can."""
        test = AbTest.objects.filter(pk=ab_test_id).first()
        if test is None:
            return f"There is no A/B test {ab_test_id}."
        problem = None
        if test.email_id != place.email_id:
            problem = f"The A/B test “{test.name}” is of another email."
        elif place.is_shared:
            problem = "Two tiles use the same A/B test; a test runs once."
        elif not _is_used_here(test, place) and test.status != AbStatus.DRAFT.value:
            problem = f"The A/B test “{test.name}” is used by another tile: a test runs once."
        elif test.status not in _BEGUN and _find_b(test, place) is None:
            problem = f"Version B of the A/B test “{test.name}” has errors, so it is not published."
        return problem

    def attach(self, uses: Mapping[int, Place], journey_id: int) -> None:
        """Lock the tests that a journey's new version uses. Raises: Conflict."""
        self._let_go(journey_id, keep=uses)
        for test in AbTest.objects.select_for_update().filter(pk__in=sorted(uses)).order_by("pk"):
            place = uses[test.pk]
            if _is_used_here(test, place) and test.status in _BEGUN:
                continue
            version = _find_b(test, place)
            if version is None or not (test.status == AbStatus.DRAFT.value or _is_used_here(test, place)):
                raise Conflict(f"The A/B test “{test.name}” cannot be used any more. Check the journey again.")
            test.status = AbStatus.SCHEDULED.value
            test.journey_id, test.tile = place.journey_id, place.tile
            test.a_version_id, test.b_version_id = place.email_version_id, version
            test.save()

    def detach(self, journey_id: int) -> None:
        """Let go of the tests of a journey that stops before they began."""
        self._let_go(journey_id, keep={})

    def _let_go(self, journey_id: int, *, keep: Mapping[int, Place]) -> None:
        AbTest.objects.filter(journey_id=journey_id, status=AbStatus.SCHEDULED.value).exclude(pk__in=list(keep)).update(
            status=AbStatus.DRAFT.value, journey_id=None, tile=None, a_version_id=None, b_version_id=None
        )

    def draw(self, ab_test_id: int, cohort: UndrawnCohort) -> Draw:
        """Share a cohort out, in the transaction that moves it."""
        test = AbTest.objects.filter(pk=ab_test_id).first()
        if test is not None and test.status != AbStatus.FINISHED.value:
            test = AbTest.objects.select_for_update().get(pk=ab_test_id)
        if test is None or not _is_used_here(test, cohort.place):  # it went, or runs elsewhere: everybody gets A
            return Draw([Share(cohort.place.email_version_id, cohort.people)])
        if test.status == AbStatus.SCHEDULED.value:
            _begin(test, cohort.now)
        if test.status == AbStatus.IN_PROGRESS.value and test.ends_at is not None and test.ends_at <= cohort.now:
            decide(test, cohort.now)
        if test.status == AbStatus.FINISHED.value:
            return Draw(_share_winner(test, cohort))
        if cohort.held_before:
            return Draw([], test.ends_at)
        return Draw(_share_sample(test, cohort.people), test.ends_at)


def decide_due(now: datetime) -> int:
    """Decide the tests whose time is over, also where nobody waits for it; return how many."""
    decided = 0
    for test_id in AbTest.objects.filter(status=AbStatus.IN_PROGRESS.value, ends_at__lte=now).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            test = AbTest.objects.select_for_update().get(pk=test_id)
            if test.status == AbStatus.IN_PROGRESS.value:
                decide(test, now)
                decided += 1
    return decided


def decide(test: AbTest, now: datetime) -> None:
    """Name the winner of a test in progress whose row the caller holds, and keep what was counted for it."""
    rows = sql.fetch_all(
        senet.journeys,
        "count_ab_answers",
        {
            "ab_test_id": test.pk,
            "journey_id": test.journey_id,
            "tile": test.tile,
            "type": ANSWERS[test.metric],
            "start_xid": test.start_xid,
            "ends_at": test.ends_at,
        },
    )
    counted = {variant: (sent, hits) for variant, sent, hits in rows}
    test.a_sent, test.a_hits = counted.get("a", (0, 0))
    test.b_sent, test.b_hits = counted.get("b", (0, 0))
    test.confidence = 1 - find_p_value(test.a_hits, test.a_sent, test.b_hits, test.b_sent)
    difference = test.b_hits * test.a_sent - test.a_hits * test.b_sent
    test.conclusive = difference != 0 and test.confidence >= needed_confidence(test.a_sent + test.b_sent)
    better = AbChoice.B.value if difference > 0 else AbChoice.A.value
    test.winner = better if test.conclusive else test.inconclusive
    test.status, test.decided_at = AbStatus.FINISHED.value, now
    test.save()
    log.info("ab_test_decided", ab_test_id=test.pk, winner=test.winner, conclusive=test.conclusive)


def _begin(test: AbTest, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT senet_horizon()")
        test.start_xid = cursor.fetchone()[0]
    test.status = AbStatus.IN_PROGRESS.value
    test.started_at, test.ends_at = now, now + timedelta(minutes=test.duration_minutes)
    test.save()


def _share_sample(test: AbTest, people: int) -> list[Share]:
    """Take A's and B's parts of those who come: over all who have come so far they are exact, to the person."""
    test.offered += people
    wanted = test.offered * test.percent // 100
    a, b = (wanted + 1) // 2 - test.a_taken, wanted // 2 - test.b_taken
    test.a_taken, test.b_taken = test.a_taken + a, test.b_taken + b
    test.save(update_fields=["offered", "a_taken", "b_taken"])
    assert test.a_version_id is not None  # noqa: S101  since it was scheduled
    assert test.b_version_id is not None  # noqa: S101
    return [Share(test.a_version_id, a, "a", sampled=True), Share(test.b_version_id, b, "b", sampled=True)]


def _share_winner(test: AbTest, cohort: UndrawnCohort) -> list[Share]:
    assert test.b_version_id is not None  # noqa: S101  since it was scheduled
    a_version = cohort.place.email_version_id  # as the journey sends it now
    to_b = {AbChoice.A.value: 0, AbChoice.B.value: cohort.people}.get(test.winner or "", cohort.people // 2)
    return [Share(a_version, cohort.people - to_b, "a"), Share(test.b_version_id, to_b, "b")]


def _is_used_here(test: AbTest, place: Place) -> bool:
    return (test.journey_id, test.tile) == (place.journey_id, place.tile)


def _find_b(test: AbTest, place: Place) -> int | None:
    """Return the published version B that goes with what a tile would send."""
    pairs = AbVariant.objects.filter(ab_test=test, a_version_id=place.email_version_id)
    return pairs.values_list("b_version_id", flat=True).first()
