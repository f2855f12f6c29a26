"""The way to A/B tests: what an email tile asks when its switch is on. The content room registers what answers.

A test shares a tile's people out between versions of the email, and may keep some back until it knows the winner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a cohort, drawn by lot, get one version of the email."""

    email_version_id: int
    people: int


@dataclass(frozen=True, slots=True)
class UndrawnCohort:
    """Those who are to be shared out: how many, where, when, and whether they were held before."""

    journey_id: int
    iteration: int
    tile: int
    people: int
    now: datetime
    held_before: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """What a test makes of a cohort. Whoever is in no share waits until `held_until` and is then drawn for good."""

    shares: Sequence[Share]
    held_until: datetime | None = None


class AbTests(Protocol):
    """Answers for A/B tests."""

    def find_problem(self, ab_test_id: int, email_id: int | None) -> str | None:
        """Return why a tile cannot use a test, as a sentence; None when it can."""

    def draw(self, ab_test_id: int, cohort: UndrawnCohort) -> Draw:
        """Share a cohort out, in the transaction that moves it; all of it when it was held before."""


class NoAbTests:
    """There are none: a tile with the switch on does not pass the check."""

    def find_problem(self, ab_test_id: int, email_id: int | None) -> str | None:  # noqa: ARG002
        """Return that there is no such test."""
        return f"There is no A/B test {ab_test_id}."

    def draw(self, ab_test_id: int, cohort: UndrawnCohort) -> Draw:  # noqa: ARG002
        """Raises: LookupError; no journey with such a tile goes live."""
        raise LookupError(f"There is no A/B test {ab_test_id}.")


_answers: list[AbTests] = [NoAbTests()]


def register(answers: AbTests) -> None:
    """Let this answer for A/B tests from now on."""
    _answers.append(answers)


def get_ab_tests() -> AbTests:
    """Return who answers for A/B tests."""
    return _answers[-1]
