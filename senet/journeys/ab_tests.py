"""The way to A/B tests: what an email tile and a journey ask. `ab_draws` answers, from the tests of the content room.

A test shares a tile's people out between versions of the email, and may keep some back until it knows the winner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a cohort, drawn by lot, get one version of the email.

    `variant` (a, b) is written down beside each message, and whether it is of the sample that decides.
    """

    email_version_id: int
    people: int
    variant: str = ""
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The tile of a journey that wants to use a test, and the version of its email that it sends."""

    journey_id: int
    tile: int
    email_id: int
    email_version_id: int
    is_shared: bool = False  # another tile of the journey wants the same test


@dataclass(frozen=True, slots=True)
class UndrawnCohort:
    """Those who are to be shared out: how many, where, when, and whether the test has held them before."""

    place: Place
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

    def find_problem(self, ab_test_id: int, place: Place) -> str | None:
        """Return why a tile cannot use a test, as a sentence; None when it can."""

    def attach(self, uses: Mapping[int, Place], journey_id: int) -> None:
        """Lock the tests (by id) that a journey's new version uses, and let go of those that it uses no more.

        Runs in the transaction that publishes it. Raises: Conflict when another tile was first.
        """

    def detach(self, journey_id: int) -> None:
        """Let go of the tests of a journey that stops before they began."""

    def draw(self, ab_test_id: int, cohort: UndrawnCohort) -> Draw:
        """Share a cohort out, in the transaction that moves it. Those held before are held or drawn for good."""


class NoAbTests:
    """There are none: a tile with the switch on does not pass the check."""

    def find_problem(self, ab_test_id: int, place: Place) -> str | None:  # noqa: ARG002
        """Return that there is no such test."""
        return f"There is no A/B test {ab_test_id}."

    def attach(self, uses: Mapping[int, Place], journey_id: int) -> None:
        """Do nothing."""

    def detach(self, journey_id: int) -> None:
        """Do nothing."""

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
