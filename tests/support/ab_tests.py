"""A/B tests for tests: each is named by the version of the email that it sends, and holds half of all for a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from senet.journeys import ab_tests
from senet.journeys.ab_tests import Draw, Place, Share, UndrawnCohort

HELD = timedelta(days=1)


class Halves:
    """Sends to half of a cohort at once, and to the others when it knows more."""

    def find_problem(self, ab_test_id: int, place: Place) -> str | None:  # noqa: ARG002
        """Return that there is none."""
        return None

    def attach(self, uses: Mapping[int, Place], journey_id: int) -> None:
        """Do nothing: any number of tiles may use one."""

    def detach(self, journey_id: int) -> None:
        """Do nothing."""

    def draw(self, ab_test_id: int, cohort: UndrawnCohort) -> Draw:
        """Share a cohort out; all of it when it was held before."""
        if cohort.held_before:
            return Draw([Share(ab_test_id, cohort.people)])
        return Draw([Share(ab_test_id, cohort.people // 2)], held_until=cohort.now + HELD)


@contextmanager
def halving() -> Iterator[None]:
    """Let there be such tests meanwhile."""
    ab_tests.register(Halves())
    try:
        yield
    finally:
        ab_tests._answers.pop()
