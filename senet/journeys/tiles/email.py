"""Email: gives each person a message in the outbox.

It holds people while the content settings are stopped and outside its schedule. Who comes after its expiration gets a
message that is blocked, counts as expired, and goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from pydantic import Field

from senet.journeys.ab_tests import Draw, Place, Share, UndrawnCohort, get_ab_tests
from senet.journeys.conditions import Element
from senet.journeys.open_hours import LONGEST, PRIOR, list_slots
from senet.journeys.tiles.base import Checking, LocalMoment, TileId, WaitingTile, find_moment
from senet.journeys.values import EmailTraits
from senet.journeys.windows import Window
from senet.messages.actions import enqueue_cohort

if TYPE_CHECKING:
    from senet.journeys.move import Move

CLIPPED, LARGE = 100 * 1024, 128 * 1024  # bytes of HTML


class EmailTile(WaitingTile):
    """Sends an email, in the version that was live when the journey went live."""

    icon: ClassVar[str] = "email"
    kind: Literal["email"] = "email"
    email_id: int | None = None
    schedule: Window | None = None
    automated_schedule: bool = False
    expires_at: LocalMoment = None
    ab_test_id: int | None = None
    bypass_deduplication: bool = False  # everybody gets the mail, also at an address that got it already
    elements: tuple[Element, ...] = Field((), max_length=50)

    @property
    def answers(self) -> Mapping[str, frozenset[int]]:
        found: dict[str, set[int]] = {"email": {self.email_id} if self.email_id is not None else set()}
        for element in self.elements:
            if element.record_id is not None:
                found.setdefault(element.kind, set()).add(element.record_id)
        return {kind: frozenset(ids) for kind, ids in found.items()}

    def check(self, checking: Checking) -> None:
        self._check_times(checking)
        for element in self.elements:
            if element.record_id is None:
                message = f"A {element.kind} that the email leads to is not chosen yet."
                self.find("content_missing", message, checking, "Choose one, or remove the row.")
        if self.email_id is None:
            self.find("email_missing", "No email is chosen.", checking, "Choose the email that this tile sends.")
            return
        found = checking.facts.emails.get(self.email_id)
        if found is None:
            self.find("email_missing", f"There is no email {self.email_id}.", checking, "Choose another email.")
            return
        if self.email_id in checking.facts.confirmation_requests:
            message = "The email is a confirmation request: double opt-in sends it to those who have asked."
            self.find("email_is_confirmation", message, checking, "Choose another email.")
            return
        status, version = found
        if status not in {"live", "live_editable"} or version is None:
            self.find("email_not_live", f"The email is {status}, not live.", checking, "Take the email live first.")
            return
        self._check_ab_test(version, checking)
        if (traits := checking.facts.email_traits.get(version)) is not None:
            self._check_size(traits, checking)
            self._check_language(traits, checking)

    def _check_ab_test(self, version_id: int, checking: Checking) -> None:
        if self.ab_test_id is None or self.email_id is None:
            return
        others = [tile for tile in checking.tiles if isinstance(tile, EmailTile) and tile.id != self.id]
        is_shared = any(tile.ab_test_id == self.ab_test_id for tile in others)
        place = Place(checking.journey_id, self.id, self.email_id, version_id, is_shared)
        problem = get_ab_tests().find_problem(self.ab_test_id, place)
        if problem is not None:
            self.find("ab_test_unusable", problem, checking, "Choose another test, or switch it off.")

    def _check_times(self, checking: Checking) -> None:
        if self.automated_schedule and (self.schedule is not None or self.ab_test_id is not None):
            message = "The tile sends at each person's best hour, and has a schedule or an A/B test as well."
            self.find("schedule_twice", message, checking, "Choose one of them.")
        expires_at = find_moment(self.expires_at, checking.zone)
        if expires_at is None:
            return
        if expires_at <= checking.now:
            message = "The email has expired: nobody will get it."
            self.find("expiration_past", message, checking, "Choose a later moment, or none.", "warning")
        elif checking.start_at is not None and expires_at <= checking.start_at:
            message = "The email expires before the journey starts: nobody will get it."
            self.find("expiration_past", message, checking, "Choose a later moment.", "warning")
        elif self.schedule is not None and self.schedule.next_open(checking.now, checking.zone) >= expires_at:
            message = "The schedule opens only after the email has expired: nobody will get it."
            self.find("schedule_after_expiration", message, checking, "Choose other times.", "warning")

    def _check_size(self, traits: EmailTraits, checking: Checking) -> None:
        """Source: product facts 2.11, Q-7."""
        size, advice = traits.html_bytes // 1024, "Shorten it, or take out unused styles."
        if traits.html_bytes > LARGE:
            message = f"The email's HTML has {size} KB, more than 128 KB."
            refused = checking.facts.refuse_large_emails
            self.find("email_too_large", message, checking, advice, "error" if refused else "warning")
        elif traits.html_bytes >= CLIPPED:
            message = f"The email's HTML has {size} KB; some mail programs will cut it off."
            self.find("email_large", message, checking, advice, "warning")

    def _check_language(self, traits: EmailTraits, checking: Checking) -> None:
        if not traits.language:
            advice = "Choose the email's language and take it live again."
            self.find("email_language_missing", "The email does not say its language.", checking, advice, "warning")
            return
        for other in checking.tiles:
            if not isinstance(other, EmailTile) or other.id not in checking.ancestors:
                continue
            before = checking.facts.find_traits(other.email_id)
            if before is not None and before.language and _base(before.language) != _base(traits.language):
                message = f"The email is in “{traits.language}”; “{other.title}”, before it, is in “{before.language}”."
                advice = "Choose an email in the same language, or send each language its own way."
                self.find("email_language_differs", message, checking, advice, "warning")
                return

    def due_at(self, arrived_at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the schedule lets somebody go who came at a moment; at the expiration at the latest."""
        if self.schedule is None:
            return None  # held by the content settings alone: due as soon as these are live again
        expires_at = find_moment(self.expires_at, zone)
        opens_at = self.schedule.next_open(arrived_at, zone)
        return opens_at if expires_at is None else max(arrived_at, min(opens_at, expires_at))

    def retimed(self, arrived_at: datetime, due_at: datetime, zone: ZoneInfo) -> datetime:
        """Return the same; but whom a test may hold until it knows the winner waits no shorter."""
        moment = super().retimed(arrived_at, due_at, zone)
        return moment if self.ab_test_id is None else max(moment, due_at)

    def arrive(self, move: Move) -> bool:
        if not self.is_open(move):
            move.execute("stand_at_tile", tile=self.id, due_at=self.due_at(move.now, move.plan.zone) or move.now)
            return False
        if self._is_expired(move):
            self._send(move, expired=True)
            move.execute("pass_tile_expired", tile=self.id)
            return True
        if self.ab_test_id is not None:
            return self._test(move, self.ab_test_id)
        if self.automated_schedule:
            self._wait_for_best_hour(move)
            return False
        self._send(move)
        move.execute("pass_tile", tile=self.id)
        return True

    def _wait_for_best_hour(self, move: Move) -> None:
        """Let each person stand until they are likeliest to open a mail; who stands till now goes on in this tick."""
        ends = (move.plan.end_at, find_moment(self.expires_at, move.plan.zone))
        until = min([move.now + LONGEST, *(end for end in ends if end is not None)])
        zones = [zone for (zone,) in move.fetch("list_zones")]
        slots = list(list_slots(zones, move.now, until))
        move.execute(
            "stand_at_best_hour",
            tile=self.id,
            zones=[zone for zone, _, _ in slots],
            hours=[hour for _, hour, _ in slots],
            moments=[moment for _, _, moment in slots],
            prior=PRIOR,
            profiling_consent=settings.PROFILING_CONSENT,
        )

    def _test(self, move: Move, ab_test_id: int) -> bool:
        """Send each share its version; whom the test holds stand here."""
        draw = self._draw(move, ab_test_id, move.cohort_size(), held_before=False)
        move.execute("draw_cohort", tile=self.id, bounds=_find_bounds(draw))
        for number, share in enumerate(draw.shares):
            if move.load_share(self.id, number):
                self._send_share(move, share)
                move.execute("pass_tile", tile=self.id)
                move.execute("park_cohort", tile=self.id)
        if draw.held_until is not None:
            move.load_share(self.id, len(draw.shares))
            move.execute("stand_for_ab_test", tile=self.id, due_at=draw.held_until)
        return False

    def _draw(self, move: Move, ab_test_id: int, people: int, *, held_before: bool) -> Draw:
        email_id, version_id = move.plan.snapshot.emails[self.id]
        place = Place(move.plan.journey_id, self.id, email_id, version_id)
        return get_ab_tests().draw(ab_test_id, UndrawnCohort(place, people, move.now, held_before))

    def release(self, move: Move, limit: int) -> int:
        """Claim those who are due; of them the test may keep some back."""
        claimed = super().release(move, limit)
        if not claimed or self.ab_test_id is None or self._is_expired(move):
            return claimed
        ((fresh, held),) = move.fetch("count_leaving", tile=self.id)
        drawn = move.draws[self.id] = []
        kept = 0
        for people, held_before in ((fresh, False), (held, True)):
            if not people:
                continue
            draw = self._draw(move, self.ab_test_id, people, held_before=held_before)
            first = len(drawn) + kept  # shares of both draws are numbered on; the last of each may be held
            move.execute("draw_leaving", tile=self.id, first=first, bounds=_find_bounds(draw), held=held_before)
            drawn += [(first + number, share) for number, share in enumerate(draw.shares)]
            if draw.held_until is not None:
                share = first + len(draw.shares)
                claimed -= move.execute("hold_leaving", tile=self.id, share=share, held_until=draw.held_until)
                kept = 1
        return claimed

    def outcome(self, move: Move) -> str:
        return "expired" if self._is_expired(move) else "processed"

    def after_release(self, move: Move) -> None:
        move.load_cohort([(self.id, 0)])
        expired = self._is_expired(move)
        if self.id not in move.draws:
            self._send(move, expired=expired)
            return
        for number, share in move.draws[self.id]:
            if move.load_drawn(self.id, number):
                self._send_share(move, share)

    def is_open(self, move: Move) -> bool:
        """Say whether messages go out now, or whether there is no use in waiting for it."""
        in_time = self.schedule is None or self.schedule.is_open(move.now, move.plan.zone)
        return move.content_settings_live and (in_time or self._is_expired(move))

    def is_expired_at(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Say whether whoever comes at a moment gets no mail any more."""
        expires_at = find_moment(self.expires_at, zone)
        return expires_at is not None and expires_at <= moment

    def _is_expired(self, move: Move) -> bool:
        return self.is_expired_at(move.now, move.plan.zone)

    def waiting_until(self, titles: Mapping[TileId, str]) -> str:  # noqa: ARG002
        until = ["its A/B test is decided"] if self.ab_test_id is not None else []
        if self.automated_schedule:
            until.append("the hour at which this person is likeliest to open a mail")
        if self.schedule is not None:
            until.append(f"its schedule is open ({self.schedule.text})")
        until.append("the journey's content settings are live" + (" again" if not until else ""))
        return " and ".join(until)

    def _send_share(self, move: Move, share: Share) -> None:
        self._send(move, version_id=share.email_version_id)
        if share.variant:
            move.execute(
                "note_ab_messages",
                tile=self.id,
                ab_test_id=self.ab_test_id,
                variant=share.variant,
                sampled=share.sampled,
                email_version_id=share.email_version_id,
            )

    def _send(self, move: Move, *, version_id: int | None = None, expired: bool = False) -> None:
        email_id, live_version_id = move.plan.snapshot.emails[self.id]
        enqueue_cohort(
            journey_id=move.plan.journey_id,
            iteration=move.plan.iteration,
            tile=self.id,
            email_id=email_id,
            email_version_id=version_id or live_version_id,
            content_settings_id=move.plan.snapshot.content_settings_id,
            expired=expired,
            bypass_deduplication=self.bypass_deduplication,
            urgent=move.plan.snapshot.urgent,
            expires_at=find_moment(self.expires_at, move.plan.zone),
            now=move.now,
        )


def _find_bounds(draw: Draw) -> list[int]:
    """Return where one share ends and the next begins; whom nobody holds back falls to the last share."""
    bounds = list(accumulate(share.people for share in draw.shares))
    return bounds if draw.held_until is not None else bounds[:-1]


def _base(language: str) -> str:
    """Return a language without its region: en of en-GB."""
    return language.replace("_", "-").split("-")[0].lower()
