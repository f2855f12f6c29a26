"""What if/then tiles can ask: each condition with the interactions that fulfil it and the words for it.

What happens to an email's message, or comes back through a channel, carries the tile that sent it. What happens on a
page, form, event or survey does not: it counts when it names that record and the person has been at the tile that the
rule asks about before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

Variant = Literal["a", "b"]  # of an email with an A/B test
Thing = Literal["page", "form", "event", "survey"]
ConditionKey = Literal[
    "delivered",
    "opened",
    "clicked",
    "clicked_link",
    "hard_bounced",
    "soft_bounced",
    "page_visited",
    "page_submitted",
    "form_visited",
    "form_submitted",
    "event_registered",
    "event_attended",
    "survey_answered",
    "responded",
]


class Element(BaseModel):
    """A page, form, event or survey that an email leads to, so that later tiles can ask about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Thing = "page"
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One question. `types` are the interactions that answer it; `column` is where they name the record."""

    about: Literal["email", "channel"] | Thing
    types: tuple[str, ...]
    words: str
    column: str = ""


CONDITIONS: dict[ConditionKey, Condition] = {
    "delivered": Condition("email", ("EmailDelivered",), "is delivered"),
    "opened": Condition("email", ("EmailOpened",), "is opened"),
    "clicked": Condition("email", ("EmailClicked",), "is clicked"),
    "clicked_link": Condition("email", ("EmailClicked",), "has link {link} clicked"),
    "hard_bounced": Condition("email", ("EmailHardBounced", "EmailHardRemoteBounced"), "bounces hard"),
    "soft_bounced": Condition("email", ("EmailSoftBounced", "EmailSoftRemoteBounced"), "bounces softly"),
    "page_visited": Condition("page", ("WebsiteVisited", "FormVisited"), "has its page {record} visited", "page_id"),
    "page_submitted": Condition("page", ("FormSubmitted",), "has its page {record} submitted", "page_id"),
    "form_visited": Condition("form", ("FormVisited",), "has its form {record} visited", "form_id"),
    "form_submitted": Condition("form", ("FormSubmitted",), "has its form {record} submitted", "form_id"),
    "event_registered": Condition(
        "event", ("EventRegistration",), "brings a registration at event {record}", "event_id"
    ),
    "event_attended": Condition("event", ("EventCheckIn",), "has people attend event {record}", "event_id"),
    "survey_answered": Condition("survey", ("SurveyResponse",), "has its survey {record} answered", "survey_id"),
    "responded": Condition("channel", ("CustomChannelResponse",), "brings the response {response}"),
}


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """What the engine has to listen for on behalf of a rule, and the name under which it keeps the answer.

    Without a column the interaction itself names the tile; with one it names the record.
    """

    tile: int
    type: str  # of the interaction; a channel's responses have types of their own (integrations/responses.py)
    column: str = ""
    record: int = 0
    kept_as: str = ""  # the type in first_interaction

    @property
    def as_thing(self) -> tuple[int, str, str, int, str]:
        """Return a question about a record as the statements ask for it, in the order of THING_COLUMNS."""
        return self.tile, self.type, self.column, self.record, self.kept_as


THING_COLUMNS = ("thing_tiles", "thing_types", "thing_columns", "thing_records", "thing_names")
