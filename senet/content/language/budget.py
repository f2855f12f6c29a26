"""What one message may cost, and the state that one rendering shares between its parts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from liquid.exceptions import ResourceLimitError

from senet.content.language.reader import Reader, find_reader

MAX_STEPS = 100_000  # lookups, filters, assignments and loop passes of one message
MAX_SECONDS = 0.5  # of work; a machine that is busy or paused costs a message nothing
MAX_TEXT = 65_536  # characters that one filter may take or make
MAX_ITEMS = 10_000  # of a list, range or mapping that one filter may take
MAX_OUTPUT = 1_000_000  # bytes of one part of one message
MAX_SOURCE = 500_000  # characters of one template
MAX_RANGE = 20_000  # numbers from the first to the last of a range; as many passes a loop may make
MAX_NUMBER_BITS = 128
_CLOCK_EVERY = 16  # steps: the dearest filter takes some ten milliseconds
# Seconds from one look at the clock to the next that count, at most. What takes longer is not the template: Python
# collects garbage, or a virtual machine stood still and counts that as its work.
_LONGEST_LOOK = 0.2


class RenderState:
    """Shared by every part of one message: the values, the moment and the budget.

    `scope` holds the roots that templates see. Links and the beacon are as in a preview: the author's own, and none.
    """

    __slots__ = ("_reader", "_seconds", "_seen_at", "contexts", "language", "now", "scope", "steps", "tokens")

    def __init__(self, scope: Mapping[str, object], now: datetime, language: str = "en") -> None:
        self.scope = scope
        self.now = now
        self.language = language  # of the email: for readers whose own is not known
        self._reader: Reader | None = None
        self.steps = MAX_STEPS
        self.tokens: Sequence[bytes] = ()  # a message's own; see render
        self._seconds = 0.0  # of work so far
        self._seen_at: float | None = None  # when the clock was looked at last
        self.contexts: dict[object, object] = {}  # a template's own, made when it is first needed

    @classmethod
    def empty(cls) -> RenderState:
        """Return a state without values, for constants."""
        return RenderState({}, datetime.min.replace(tzinfo=UTC))

    @property
    def reader(self) -> Reader:
        """Return how the recipient reads dates and numbers."""
        if self._reader is None:
            self._reader = find_reader(self.scope.get("contact"), self.language)
        return self._reader

    def sign_qr(self, text: str) -> str:  # noqa: ARG002  only a renderer knows the door
        """Return the address of a picture that says `text` as a QR code."""
        return ""

    def write_link(self, number: int, own: str, *, html: bool) -> str:  # noqa: ARG002  senders write redirects
        """Return the address to write for a link whose own address is `own`."""
        return own

    def write_beacon(self) -> str:
        """Return the beacon's HTML."""
        return ""

    def spend(self, steps: int = 1) -> None:
        """Charge steps to the message.

        Raises: ResourceLimitError when the message has cost too much, in steps or in time.
        """
        before = self.steps
        self.steps = before - steps
        if self.steps < 0:
            raise ResourceLimitError("the template does too much for one message", token=None)
        if before // _CLOCK_EVERY != self.steps // _CLOCK_EVERY:
            self._look_at_the_clock()

    def _look_at_the_clock(self) -> None:
        now = time.thread_time()
        if self._seen_at is not None:
            self._seconds += min(now - self._seen_at, _LONGEST_LOOK)
            if self._seconds > MAX_SECONDS:
                raise ResourceLimitError("the template takes too long for one message", token=None)
        self._seen_at = now

    def watch(self, items: Iterator[object]) -> Iterator[object]:
        """Pass items on, charging one step each. What a pass does may charge nothing and yet take long."""
        for item in items:
            self.spend()
            self._look_at_the_clock()
            yield item


def check_size(value: object) -> None:
    """Refuse a value that would make a filter slow or its result huge.

    Raises: ResourceLimitError.
    """
    if isinstance(value, str):
        too_big = len(value) > MAX_TEXT
    elif isinstance(value, range):
        too_big = value.stop - value.start > MAX_ITEMS
    elif isinstance(value, list | tuple | dict):
        too_big = len(value) > MAX_ITEMS
    elif isinstance(value, int):
        too_big = value.bit_length() > MAX_NUMBER_BITS
    else:
        return
    if too_big:
        raise ResourceLimitError("a value grew too big for one message", token=None)
