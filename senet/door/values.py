"""What the door notes of one request."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request says about its sender; hostile text, cleaned and cut."""

    user_agent: str = ""
    browser: str = ""
    os: str = ""
    device: str = ""
    verdict: str = "unknown"
    rule: str = ""


class Event(NamedTuple):
    """An open or a click, as it waits for its place in the log. A tuple: one is made for every request."""

    type: str
    at: datetime
    message_id: int
    link: int | None
    visitor: Visitor
    referrer: str = ""
    email_version_id: int | None = None  # whose links the click's number counts
    source: str = ""  # a mark of the network address it came from

    def as_json(self) -> dict[str, object]:
        """Return plain values that survive JSON."""
        return {**self._asdict(), "visitor": asdict(self.visitor), "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, value: dict[str, object]) -> Event:
        """Read what `as_json` made."""
        visitor, at = value["visitor"], value["at"]
        assert isinstance(visitor, dict)  # noqa: S101  our own file
        assert isinstance(at, str)  # noqa: S101
        fields = {**value, "visitor": Visitor(**visitor), "at": datetime.fromisoformat(at)}
        return cls(**fields)  # type: ignore[arg-type]  # checked by the tuple that wrote it
