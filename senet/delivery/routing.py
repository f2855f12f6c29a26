"""Several providers behind the port of one: each message goes to the first that serves its from domain and works.

What a provider gives back because it does not work is queued again by the sender, and goes to the next one. While a
provider is full, a few messages wait for it here and the others pass: they are given back, each for the moment at which
the provider will have come to it by its own speed, so that nothing else waits behind them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from senet.delivery.metering import Meter
from senet.delivery.ports import MailClient
from senet.delivery.values import Outcome, Outgoing, Stage, Verdict

_LOOK_SECONDS = 0.01
_HELD = 32  # messages that wait here, for all full providers together
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 600.0  # seconds; what came too early comes again, at the price of a rendering
_SPEED_SECONDS = 5.0  # over how long a provider's speed is measured
_FIRST_SPEED = 100.0  # messages a second, until it is measured
_HASTE = 2.0  # how much faster messages come back than it took them, or it could never show that it is faster now


@dataclass(frozen=True, slots=True)
class RouteState:
    """How a provider does, as one sender sees it: while it is paused, the next one is asked."""

    name: str
    paused_seconds: float
    trouble: str


@dataclass(slots=True)
class Speed:
    """How many messages a second a provider takes while it is full, and when it will have room for one more."""

    per_second: float = _FIRST_SPEED
    _count: int = 0
    _since: float = 0.0
    _slot: float = 0.0

    def note(self, messages: int, *, is_full: bool) -> None:
        """Count messages that it has dealt with. While it has nothing to do it shows no speed."""
        now = time.monotonic()
        if not is_full or not self._since:
            self._count, self._since = 0, now
            return
        self._count += messages
        if now - self._since >= _SPEED_SECONDS:
            self.per_second = max(1 / _SPEED_SECONDS, self._count / (now - self._since))
            self._count, self._since = 0, now

    def reserve(self) -> float:
        """Return in how many seconds one more message may come."""
        now = time.monotonic()
        self._slot = max(self._slot, now + _SHORTEST_PAUSE) + 1 / (_HASTE * self.per_second)
        self._slot = min(self._slot, now + _LONGEST_PAUSE)
        return self._slot - now


@dataclass(slots=True)
class Route:
    """A provider's client and the from domains it serves, with those below them; none: all."""

    name: str
    client: MailClient
    domains: Collection[str] = ()
    meter: Meter | None = None
    held: deque[Outgoing] = field(default_factory=deque)  # they wait until it has room
    speed: Speed = field(default_factory=Speed)

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
        return serves(self.domains, domain)

    @property
    def state(self) -> RouteState:
        """How it does just now."""
        used_up = "Its cap for today is used up." if self.meter and self.meter.pause_seconds > 0 else ""
        return RouteState(self.name, round(self.pause_seconds, 1), self.client.trouble or used_up)


def serves(domains: Collection[str], domain: str) -> bool:
    """Say whether a domain is one of these or below one of them; no domains: all."""
    return not domains or any(domain == one or domain.endswith(f".{one}") for one in domains)


def list_states(client: MailClient, name: str) -> list[RouteState]:
    """Return how the providers behind a client do; `name` is what a single one is called."""
    if isinstance(client, RoutingClient):
        return client.states
    return [RouteState(name, round(client.pause_seconds, 1), client.trouble)]


class RoutingClient:
    """The port `MailClient` over several of them, the preferred one first. For one thread, but for `wake`."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        self._outcomes: list[Outcome] = []
        self._most_held = max(2, _HELD // len(routes))

    @property
    def free(self) -> int:
        """How many messages it takes just now: so many that none is given back but by a route that is full."""
        for route in self._routes:
            route.look()  # a day's cap that is used up takes it out
        open_routes = [route for route in self._working() if route.free > 0 and not route.held]
        return min((route.free for route in open_routes), default=0)

    @property
    def busy(self) -> int:
        """How many messages it holds."""
        return len(self._outcomes) + sum(route.client.busy + len(route.held) for route in self._routes)

    @property
    def pause_seconds(self) -> float:
        """How long none of them will try again."""
        return min(route.pause_seconds for route in self._routes)

    @property
    def trouble(self) -> str:
        """What is wrong, and with which."""
        return "; ".join(f"{route.name}: {route.client.trouble}" for route in self._routes if route.client.trouble)

    @property
    def states(self) -> list[RouteState]:
        """How each of them does, the preferred one first."""
        return [route.state for route in self._routes]

    def submit(self, message: Outgoing) -> None:
        """Give a message to the first provider that serves it and works, or let it wait for that one."""
        domain = message.from_domain
        for route in self._working():
            if route.serves(domain):
                self._give(route, message)
                return
        text = f"No provider that serves {domain} works just now."
        self._outcomes.append(Outcome(message.id, Verdict.WAITING, Stage.CONNECT, text=text))

    def _give(self, route: Route, message: Outgoing) -> None:
        if not route.held and route.free > 0:
            route.submit(message)
            return
        if message.urgent:  # before the bulk that waits, behind other urgent ones
            route.held.insert(sum(other.urgent for other in route.held), message)
        else:
            route.held.append(message)
        if len(route.held) > self._most_held:
            self._give_back(route, route.held.pop())

    def _give_back(self, route: Route, message: Outgoing) -> None:
        text = f"{route.name} is full just now."
        pause_seconds = _SHORTEST_PAUSE if message.urgent else route.speed.reserve()
        self._outcomes.append(
            Outcome(message.id, Verdict.WAITING, Stage.CONNECT, text=text, pause_seconds=pause_seconds)
        )

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
        for route in self._routes:
            self._let_go(route)
        found, self._outcomes = self._outcomes, []
        for route in self._routes:
            news = route.client.poll(0.0 if found else patience_seconds)
            route.speed.note(len(news), is_full=bool(route.held))
            found.extend(news)
        return found

    def _let_go(self, route: Route) -> None:
        """Give a provider what waits for it; what waits for one that works no more goes to the next."""
        if not route.held:
            return
        if route.pause_seconds > 0:
            waiting = list(route.held)
            route.held.clear()
            for message in waiting:
                self.submit(message)
            return
        for _ in range(min(route.free, len(route.held))):
            route.submit(route.held.popleft())

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
            found.extend(Outcome(message.id, Verdict.UNSENT, Stage.CONNECT) for message in route.held)
            route.held.clear()
            found.extend(route.client.close())
        return found
