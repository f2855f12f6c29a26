"""The port that every provider of mail implements. Its twin for tests is `memory.MemoryClient`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from senet.delivery.values import Outcome, Outgoing


class MailClient(Protocol):
    """Takes messages, several at a time, and tells what became of each. For one thread, but for `wake`."""

    @property
    def free(self) -> int:
        """How many messages it takes just now; 0 while it is full or paused."""
        ...

    @property
    def busy(self) -> int:
        """How many messages it has taken and not yet told about."""
        ...

    @property
    def pause_seconds(self) -> float:
        """How long it will not try again, because the provider does not work; 0 while it does."""
        ...

    @property
    def trouble(self) -> str:
        """Why the provider does not work, in words; empty while it does."""
        ...

    def submit(self, message: Outgoing) -> None:
        """Take a message. Only while `free`."""
        ...

    def poll(self, timeout_seconds: float) -> Sequence[Outcome]:
        """Go on, wait for news no longer than that, and return what has become of messages."""
        ...

    def wake(self) -> None:
        """End a `poll` that waits, from any thread."""
        ...

    def close(self) -> Sequence[Outcome]:
        """End every connection; messages that are still under way come back as unsent or unknown."""
        ...
