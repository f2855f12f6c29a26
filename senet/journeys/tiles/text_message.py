"""Text message: drawn and checked; Senet cannot send text messages yet, so a journey with one does not go live."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from senet.content.check_render import write_sample
from senet.content.fields import load_card_fields
from senet.content.language.analysis import Template, analyse
from senet.content.sms import count_segments
from senet.journeys.tiles.base import Checking, StraightTile

if TYPE_CHECKING:
    from senet.journeys.move import Move

MOST_SEGMENTS = 10


class TextMessageTile(StraightTile):
    """Sends a text with Liquid fields to the contact's mobile phone."""

    icon: ClassVar[str] = "text"
    kind: Literal["text_message"] = "text_message"
    text: str = Field("", max_length=5000)
    sender: str = Field("", max_length=20)

    def check(self, checking: Checking) -> None:
        advice = "Use a custom channel, or take the tile out."
        self.find("sending_not_available", "Senet cannot send text messages yet.", checking, advice)
        if not self.sender.strip():
            self.find("sender_missing", "No sender is chosen.", checking, "Choose the number or name it comes from.")
        if not self.text.strip():
            self.find("text_missing", "The message has no text.", checking, "Write what it says.")
            return
        for problem in analyse(Template("text", self.text), load_card_fields()):
            self.find("template_broken", problem.message, checking, problem.advice or "Mend the text.")
        sample = write_sample(self.text, checking.now)
        if sample is None:
            return
        found = count_segments(sample)
        message = (
            f"For a sample contact the text takes {found.count} segments ({found.length} characters, {found.encoding})."
        )
        if found.count > MOST_SEGMENTS:
            self.find("text_too_long", message, checking, f"Shorten it to {MOST_SEGMENTS} segments.")
        else:
            self.find("text_segments", message, checking, "A shorter text costs less.", "information")

    def arrive(self, move: Move) -> bool:
        raise NotImplementedError("A journey with a text message does not go live.")
