"""Push notification: drawn and checked; Senet cannot send them yet, so a journey with one does not go live."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from senet.content.check_render import write_sample
from senet.content.fields import load_card_fields
from senet.content.language.analysis import Template, analyse
from senet.journeys.tiles.base import Checking, StraightTile

if TYPE_CHECKING:
    from senet.journeys.move import Move

LONGEST_TITLE = 65
LONGEST_BODY = 240


class PushTile(StraightTile):
    """Sends a title and a body with Liquid fields to the contact's devices."""

    icon: ClassVar[str] = "push"
    kind: Literal["push"] = "push"
    heading: str = Field("", max_length=1000)
    body: str = Field("", max_length=5000)
    sender: str = Field("", max_length=200)  # the app

    def check(self, checking: Checking) -> None:
        advice = "Use a custom channel, or take the tile out."
        self.find("sending_not_available", "Senet cannot send push notifications yet.", checking, advice)
        if not self.sender.strip():
            self.find("sender_missing", "No app is chosen.", checking, "Choose the app that it comes from.")
        fields = load_card_fields()
        for part, text, longest in (("title", self.heading, LONGEST_TITLE), ("body", self.body, LONGEST_BODY)):
            if not text.strip():
                self.find("text_missing", f"The {part} is empty.", checking, "Write what it says.")
                continue
            for problem in analyse(Template(part, text), fields):
                self.find("template_broken", problem.message, checking, problem.advice or "Mend the text.")
            length = len(write_sample(text, checking.now) or "")
            if length > longest:
                message = f"For a sample contact the {part} has {length} characters; devices show {longest}."
                self.find("text_cut", message, checking, "Shorten it.", "warning")

    def arrive(self, move: Move) -> bool:
        raise NotImplementedError("A journey with a push notification does not go live.")
