"""Several providers behind the port of one: each message goes to the first that serves its from domain and works.

What a provider gives back because it does not work is queued again by the sender, and goes to the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from senet.delivery.metering import Meter
from senet.delivery.ports import MailClient
from senet.delivery.values import Outcome, Outgoing, Stage, Verdict

_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Route:
    """A provider's client and the from domains it serves, with those below them; none: all."""

    name: str
    client: MailClient
    domains: Collection[str] = ()
    meter: Meter | None = None

    @property
    def pause_seconds(self) -> float:
        """How long it takes no mail at all."""
        return max(self.client.pause_seconds, self.meter.pause_seconds if self.meter else 0.0)

    @property
    def free(self) -> int:
        """How many messages it takes just now."""
        free = self.client.free
        return min(free, self.meter.left()) if self.meter and free else free

    def look(self) -> None:
        """Ask for what may go, if nothing is left. Raises: DatabaseError."""
        if self.meter is not None:
            self.meter.left()

    def submit(self, message: Outgoing) -> None:
        """Take a message."""
        self.client.submit(message)
        if self.meter:
            self.meter.spend()

    def serves(self, domain: str) -> bool:
        """Say whether mails from a domain may go this way."""
        return not self.domains or any(domain == one or domain.endswith(f".{one}") for one in self.domains)


class RoutingClient:
    """The port `MailClient` over several of them, the preferred one first. For one thread, but for `wake`."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        self._outcomes: list[Outcome] = []

    @property
    def free(self) -> int:
        """How many messages it takes just now, wherever they go."""
        for route in self._routes:
            route.look()  # a day's cap that is used up takes it out
        return min((route.free for route in self._working()), default=0)

    @property
    def busy(self) -> int:
        """How many messages it holds."""
        return len(self._outcomes) + sum(route.client.busy for route in self._routes)

    @property
    def pause_seconds(self) -> float:
        """How long none of them will try again."""
        return min(route.pause_seconds for route in self._routes)

    @property
    def trouble(self) -> str:
        """What is wrong, and with which."""
        return "; ".join(f"{route.name}: {route.client.trouble}" for route in self._routes if route.client.trouble)

    def submit(self, message: Outgoing) -> None:
        """Give a message to the first provider that serves it and works."""
        domain = message.from_domain
        for route in self._working():
            if route.serves(domain):
                route.submit(message)
                return
        text = f"No provider that serves {domain} works just now."
        self._outcomes.append(Outcome(message.id, Verdict.WAITING, Stage.CONNECT, text=text))

    def poll(self, timeout_seconds: float) -> Sequence[Outcome]:
        """Go on with all of them; wait for news of those that are busy, in turns."""
        found = self._collect(0.0)
        waited = 0.0
        while not found and waited < timeout_seconds:
            found = self._collect(_LOOK_SECONDS / len(self._routes))
            waited += _LOOK_SECONDS
            if not self.busy:
                break
        return found

    def _collect(self, patience_seconds: float) -> list[Outcome]:
        found, self._outcomes = self._outcomes, []
        for route in self._routes:
            found.extend(route.client.poll(0.0 if found else patience_seconds))
        return found

    def _working(self) -> list[Route]:
        return [route for route in self._routes if route.pause_seconds <= 0]

    def wake(self) -> None:
        """End a `poll` that waits."""
        for route in self._routes:
            route.client.wake()

    def close(self) -> Sequence[Outcome]:
        """End all of them."""
        found, self._outcomes = self._outcomes, []
        for route in self._routes:
            found.extend(route.client.close())
        return found
