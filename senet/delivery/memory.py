"""The in-memory twin of a provider: takes everything but what it was told to refuse. For tests and rehearsals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from senet.delivery.values import Outcome, Outgoing, Stage, Verdict

Answer = Callable[[Outgoing], Outcome | None]


class MemoryClient:
    """Keeps every message that it accepts in `taken`. `answer` returns another outcome, or None to accept."""

    def __init__(self, answer: Answer | None = None, *, capacity: int = 8) -> None:
        self.taken: list[Outgoing] = []
        self.trouble = ""
        self.pause_seconds = 0.0
        self._answer = answer
        self._capacity = capacity
        self._held: list[Outgoing] = []

    @property
    def free(self) -> int:
        """How many messages it takes just now."""
        return 0 if self.pause_seconds else self._capacity - len(self._held)

    @property
    def busy(self) -> int:
        """How many messages it holds."""
        return len(self._held)

    def submit(self, message: Outgoing) -> None:
        """Take a message."""
        self._held.append(message)

    def poll(self, timeout_seconds: float) -> Sequence[Outcome]:  # noqa: ARG002  it never waits
        """Answer everything that it holds."""
        held, self._held = self._held, []
        return [self._decide(message) for message in held]

    def _decide(self, message: Outgoing) -> Outcome:
        outcome = self._answer(message) if self._answer else None
        if outcome is None:
            self.taken.append(message)
            outcome = Outcome(message.id, Verdict.ACCEPTED, Stage.DATA, 250, "2.0.0", "OK")
        return outcome

    def wake(self) -> None:
        """Do nothing: it never waits."""

    def close(self) -> Sequence[Outcome]:
        """Give back what is held."""
        held, self._held = self._held, []
        return [Outcome(message.id, Verdict.UNSENT, Stage.CONNECT) for message in held]
