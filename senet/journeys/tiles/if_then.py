"""If/then: waits until the person has done what the rules ask, or until their own time is up.

Each rule asks for one interaction with the message of an earlier email tile, or on the page, form, event or survey that
an earlier tile leads to, or for one response of an earlier channel. Rules latch: once done, done. What happened before
the person came here counts; what happened after their time was up does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from senet.integrations.responses import LONGEST_KEYWORD, name_response
from senet.journeys.conditions import CONDITIONS, Condition, ConditionKey, Question, Variant
from senet.journeys.tiles.base import LONGEST, Checking, Duration, Next, ReleasingTile, Tile, TileId
from senet.journeys.tiles.email import EmailTile

if TYPE_CHECKING:
    from senet.journeys.move import Move


class Rule(BaseModel):
    """One question: did this happen to the message of that tile, or on what it leads to?"""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: TileId | None = None
    condition: ConditionKey = "opened"
    link: int | None = None
    variant: Variant = "a"  # of an email with an A/B test: the version that numbers the link
    element_id: int | None = None  # the page, form, event or survey that the source leads to
    response: str | None = Field(None, max_length=63)  # of a custom channel: the key of a declared response
    keyword: str | None = Field(None, max_length=LONGEST_KEYWORD)  # of the channel's custom response

    @property
    def asks(self) -> Condition:
        """Return what is asked."""
        return CONDITIONS[self.condition]

    @property
    def kept_as(self) -> str:
        """Return the type under which the first answer is kept."""
        if self.condition == "responded":
            return name_response(self.response or "", self.keyword or None)
        return f"{self.condition}:{self.element_id}" if self.asks.column else self.asks.types[0]

    def questions(self) -> Iterator[Question]:
        """Yield what the engine has to listen for."""
        if self.source is None:
            return
        for interaction_type in self.asks.types:
            if not self.asks.column:
                yield Question(self.source, self.kept_as if self.condition == "responded" else interaction_type)
            elif self.element_id is not None:
                yield Question(self.source, interaction_type, self.asks.column, self.element_id, self.kept_as)

    def say(self, titles: Mapping[TileId, str]) -> str:
        """Return the rule for reading."""
        response = f"{self.response} “{self.keyword}”" if self.keyword else self.response
        link = self.link if self.variant == "a" else f"{self.link} of version B"
        words = self.asks.words.format(link=link, record=self.element_id, response=response)
        return f"“{titles.get(self.source or 0, self.source)}” {words}"


class IfThenTile(ReleasingTile):
    """Sends people one of two ways."""

    icon: ClassVar[str] = "branch"
    kind: Literal["if_then"] = "if_then"
    rules: tuple[Rule, ...] = ()
    logic: Literal["and", "or"] = "or"
    timeout: Duration | None = None
    based_on: Literal["contact", "company"] = "contact"
    yes: Next = None
    no: Next = None

    @property
    def exits(self) -> tuple[Next, ...]:
        return (self.yes, self.no)

    def branch_label(self, branch: int) -> str:
        return ("Yes", "No")[branch]

    @property
    def needed(self) -> int:
        """Return how many rules must be fulfilled."""
        return len(self.rules) if self.logic == "and" else 1

    def questions(self) -> set[Question]:
        """Return what the engine has to listen for."""
        return {question for rule in self.rules for question in rule.questions()}

    def check(self, checking: Checking) -> None:
        if not self.rules:
            self.find("rules_missing", "There is no rule.", checking, "Add a rule: an email and what happens to it.")
        if self.timeout is None:
            self.find("timeout_missing", "It is not set how long to wait.", checking, "Say how long people wait here.")
        elif self.timeout.length <= timedelta(0):
            self.find("timeout_not_positive", "The wait must be longer than nothing.", checking, "Make it longer.")
        elif self.timeout.length > LONGEST:
            self.find("timeout_too_long", "The wait is longer than ten years.", checking, "Make it shorter.")
        elif checking.end_at is not None and checking.now + self.timeout.length >= checking.end_at:
            message = "The wait is longer than the journey lasts: nobody will go the way of No."
            self.find("wait_beyond_end", message, checking, "Shorten the wait or move the end.", "warning")
        if self.based_on == "company" and checking.target != "company":
            message = "The rules are asked of companies, but the journey targets people."
            advice = "Ask of contacts, or let the journey target companies."
            self.find("company_target_missing", message, checking, advice)
        for number, rule in enumerate(self.rules, start=1):
            self._check_rule(number, rule, checking)

    def _check_rule(self, number: int, rule: Rule, checking: Checking) -> None:
        source = next((tile for tile in checking.tiles if tile.id == rule.source), None)
        if source is None:
            message = f"Rule {number} asks about a tile that is not there."
            self.find("source_missing", message, checking, "Choose an earlier tile of this journey.")
        elif not source.answers:
            message = f"Rule {number} asks about “{source.title}”, of which there is nothing to ask."
            self.find(
                "source_unusable",
                message,
                checking,
                "Choose an email, page, form, event, survey or custom-channel tile.",
            )
        elif source.id not in checking.ancestors:
            message = f"Rule {number} asks about “{source.title}”, which does not come before this tile."
            self.find("source_not_earlier", message, checking, "Choose a tile on the way to this one.")
        elif rule.asks.about not in source.answers:
            message = f"Rule {number} asks about the {rule.asks.about} of “{source.title}”, which has none."
            advice = "Choose another condition, or name the record at that tile."
            self.find("condition_unusable", message, checking, advice)
        elif rule.condition == "clicked_link":
            self._check_link(number, rule, source, checking)
        elif rule.condition == "responded":
            self._check_response(number, rule, source, checking)
        elif rule.asks.column and rule.element_id not in source.answers[rule.asks.about]:
            message = f"Rule {number} does not name a {rule.asks.about} that “{source.title}” leads to."
            self.find("element_missing", message, checking, f"Choose the {rule.asks.about}, or add it to that tile.")

    def _check_response(self, number: int, rule: Rule, source: Tile, checking: Checking) -> None:
        channel = checking.facts.channels.get(next(iter(source.answers["channel"]), 0))
        if channel is None:
            return  # the channel's own tile says so
        kind = channel.responses.get(rule.response or "")
        if kind is None:
            message = f"Rule {number} asks for a response that “{channel.name}” does not declare."
            self.find("response_missing", message, checking, "Choose one of the channel's responses.")
        elif kind.custom and not (rule.keyword or "").strip():
            message = f"Rule {number} asks for “{kind.label}”, but names no keyword."
            self.find("keyword_missing", message, checking, "Write the keyword that the answer has to be.")
        elif rule.keyword and not kind.custom:
            message = f"Rule {number} names a keyword, but “{kind.label}” takes none."
            advice = "Leave the keyword empty, or choose the custom response."
            self.find("keyword_unused", message, checking, advice, "warning")

    def _check_link(self, number: int, rule: Rule, source: Tile, checking: Checking) -> None:
        if rule.link is None:
            self.find("link_missing", f"Rule {number} names no link.", checking, "Choose a link of the email.")
            return
        email_id = next(iter(source.answers["email"]), 0)
        ab_test_id = source.ab_test_id if isinstance(source, EmailTile) else None
        if rule.variant == "b" and ab_test_id is None:
            message = f"Rule {number} asks for a link of version B, but “{source.title}” tests none."
            self.find(
                "variant_missing", message, checking, "Choose a link of the email, or choose a test at that tile."
            )
            return
        facts = checking.facts
        version = facts.find_version(email_id, ab_test_id if rule.variant == "b" else None)
        if version is None:
            return  # the email's own tile says so
        url = facts.links.get(version, {}).get(rule.link)
        if url is None:
            which = "version B of the email" if rule.variant == "b" else "the live email"
            message = f"Rule {number} asks for link {rule.link}, which {which} does not have."
            self.find("link_not_in_email", message, checking, "Choose one of the email's links.")
            return
        other = facts.find_version(email_id, ab_test_id if rule.variant == "a" else None)
        if ab_test_id is not None and other is not None and url not in facts.links.get(other, {}).values():
            name = "B" if rule.variant == "a" else "A"
            message = f"Rule {number}: version {name} of “{source.title}” has no link to {url}."
            advice = "Whoever gets that version can only go the way of No; leave it when that is meant."
            self.find("link_in_one_version", message, checking, advice, "warning")

    def due_at(self, arrived_at: datetime, zone: ZoneInfo) -> datetime | None:  # noqa: ARG002
        """Return when the time is up of a person, or of a company whose first one came at that moment."""
        return arrived_at + self.timeout.length if self.timeout is not None else None

    @property
    def is_for_companies(self) -> bool:
        """Say whether what one person does counts for the whole company."""
        return self.based_on == "company"

    def arrive(self, move: Move) -> bool:
        assert self.timeout is not None  # noqa: S101  checked before going live
        asked = {"tile": self.id, "due_at": move.now + self.timeout.length, **self._asked(move)}
        if self.is_for_companies:
            move.execute("note_companies", **asked)
            move.execute("decide_companies", source="cohort", **asked)
            move.execute("arrive_at_company_condition", **asked)
        else:
            move.execute("arrive_at_condition", **asked)
        return False

    def release(self, move: Move, limit: int) -> int:
        asked = {"tile": self.id, **self._asked(move)}
        move.hold_unheard(companies=self.is_for_companies)
        if not self.is_for_companies:
            return move.execute("claim_due_decided", limit=limit, **asked)
        claimed = super().release(move, limit)
        if claimed:
            move.execute("decide_companies", source="leaving", **asked)
            move.execute("time_out_companies", tile=self.id)
            move.execute("follow_companies", **asked)
        return claimed

    def release_satisfied(self, move: Move) -> int:
        """Put those whose news satisfies the rules into `leaving`; the caller holds the journey alone.

        People of a company that is satisfied are due from now on, and leave with the others who are.
        """
        asked = {"tile": self.id, **self._asked(move)}
        if self.is_for_companies:
            move.execute("decide_companies", source="news", **asked)
        return move.execute("claim_satisfied", singles=self.is_for_companies, **asked)

    def release_reconsidered(self, move: Move, limit: int) -> int:
        """Put at most `limit` of all who wait here and satisfy the rules into `leaving`; the journey is held alone."""
        asked = {"tile": self.id, **self._asked(move)}
        if self.is_for_companies:
            move.execute("decide_companies", source="visit", **asked)
        return move.execute("claim_reconsidered", limit=limit, singles=self.is_for_companies, **asked)

    def _asked(self, move: Move) -> dict[str, object]:
        """Return the rules as columns: one row for each link that counts for a rule."""
        rows: list[tuple[int, int, str, int]] = []
        for number, rule in enumerate(self.rules):
            assert rule.source is not None  # noqa: S101  checked before going live
            clicks: Iterable[tuple[str, int]] = (("", 0),)
            if rule.condition == "clicked_link" and rule.link is not None:
                clicks = move.plan.snapshot.find_clicks(rule.source, rule.variant, rule.link)
            rows += [(number, rule.source, rule.kept_as + version, link) for version, link in clicks]
        rules, sources, types, numbers = (list(column) for column in zip(*rows, strict=True))
        return {"rules": rules, "sources": sources, "types": types, "links": numbers, "needed": self.needed}

    def waiting_until(self, titles: Mapping[TileId, str]) -> str:
        return f" {self.logic} ".join(rule.say(titles) for rule in self.rules)
