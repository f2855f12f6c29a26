"""What goes to a provider and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One ready message and its envelope.

    `stuffed` says that the content is as DATA wants it: ASCII, CRLF at the end of each line, none of which begins with
    a dot. The renderer makes it so; whoever is not sure leaves it False.
    """

    id: int
    from_address: str
    to_address: str
    content: bytes
    stuffed: bool = False
    from_domain: str = ""  # of the From field: by it the provider is chosen
    urgent: bool = False  # it waits for no bulk


class Verdict(StrEnum):
    """How an attempt ended."""

    ACCEPTED = "accepted"  # the server has taken the message over
    HANDED_OVER = "handed_over"  # a provider has taken it, and will tell what came of it
    WAITING = "waiting"  # no provider was asked, because none that may send it works, or the one that does is full
    REFUSED = "refused"  # the server, or a rule of the protocol, refused this message; the code says for how long
    MALFORMED = "malformed"  # an address of its envelope is none; no server was asked
    UNSENT = "unsent"  # it was certainly not delivered, and that is not the message's fault
    UNKNOWN = "unknown"  # the connection was lost after the text had left: it may have been delivered


class Stage(StrEnum):
    """What the answer was about."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message at a provider. Code 0: no server was asked. Text: why it was not accepted."""

    id: int
    verdict: Verdict
    stage: Stage = Stage.DATA
    code: int = 0
    enhanced: str = ""
    text: str = ""
    pause_seconds: float = 0.0  # waiting: when it makes sense to ask again; 0: nobody knows

    @property
    def is_temporary(self) -> bool:
        """Say whether the server wants to be asked again."""
        return 400 <= self.code < 500
