"""Email: gives each person a message in the outbox, and holds people while the content settings are stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from senet.journeys.tiles.base import Checking, TileId, WaitingTile
from senet.journeys.values import EmailTraits
from senet.messages.actions import enqueue_cohort

if TYPE_CHECKING:
    from senet.journeys.move import Move

CLIPPED, LARGE = 100 * 1024, 128 * 1024  # bytes of HTML


class EmailTile(WaitingTile):
    """Sends an email, in the version that was live when the journey went live."""

    icon: ClassVar[str] = "email"
    kind: Literal["email"] = "email"
    email_id: int | None = None

    def check(self, checking: Checking) -> None:
        if self.email_id is None:
            self.find("email_missing", "No email is chosen.", checking, "Choose the email that this tile sends.")
            return
        found = checking.facts.emails.get(self.email_id)
        if found is None:
            self.find("email_missing", f"There is no email {self.email_id}.", checking, "Choose another email.")
            return
        status, version = found
        if status not in {"live", "live_editable"} or version is None:
            self.find("email_not_live", f"The email is {status}, not live.", checking, "Take the email live first.")
        elif (traits := checking.facts.email_traits.get(version)) is not None:
            self._check_size(traits, checking)
            self._check_language(traits, checking)

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

    def arrive(self, move: Move) -> bool:
        if not self.is_open(move):
            move.execute("stand_at_tile", tile=self.id, due_at=move.now)  # due as soon as the settings are live again
            return False
        self._send(move)
        move.execute("pass_tile", tile=self.id)
        return True

    def after_release(self, move: Move) -> None:
        move.load_cohort([(self.id, 0)])
        self._send(move)

    def is_open(self, move: Move) -> bool:
        return move.content_settings_live

    def waiting_until(self, titles: Mapping[TileId, str]) -> str:  # noqa: ARG002
        return "the journey's content settings are live again"

    def _send(self, move: Move) -> None:
        email_id, version_id = move.plan.snapshot.emails[self.id]
        enqueue_cohort(
            journey_id=move.plan.journey_id,
            iteration=move.plan.iteration,
            tile=self.id,
            email_id=email_id,
            email_version_id=version_id,
            content_settings_id=move.plan.snapshot.content_settings_id,
            now=move.now,
        )


def _base(language: str) -> str:
    """Return a language without its region: en of en-GB."""
    return language.replace("_", "-").split("-")[0].lower()
