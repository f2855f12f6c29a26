"""How a demo reader behaves: decided by the address, and for each message by its Message-ID, so that it repeats.

Pure: a message in, a plan of visits to the door out. Shares are chosen to look like a healthy newsletter's.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from senet.demo.store import ReadMessage

Act = Literal["open", "click", "head", "unsubscribe", "centre"]

_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
_BROWSERS = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {_WEBKIT} Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 15; Pixel 8) {_CHROME} Mobile Safari/537.36",
    f"Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) {_WEBKIT} Safari/604.1",
)
_SCANNERS = (
    "Barracuda Sentinel (EE)",
    "Mozilla/5.0 (compatible; MimecastBot/1.0)",
    "python-requests/2.32.3",
)
_PRIVATE_PROXY = "Mozilla/5.0"


@dataclass(frozen=True, slots=True)
class Visit:
    """One call at the door, so many seconds after the message came in."""

    after_seconds: float
    act: Act
    url: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Persona:
    """What one reader tends to do."""

    opens: float
    clicks: float
    patience: float  # stretches every delay
    user_agent: str
    behind_scanner: bool
    behind_proxy: bool
    leaves: float


def make_persona(address: str) -> Persona:
    """Return the reader behind an address, always the same one."""
    dice = random.Random(zlib.crc32(address.lower().encode("utf-8", "replace")))  # noqa: S311  a play, not a secret
    keen = dice.betavariate(2, 3)
    return Persona(
        opens=0.15 + 0.7 * keen,
        clicks=0.05 + 0.55 * keen * dice.random(),
        patience=dice.lognormvariate(0, 0.6),
        user_agent=dice.choice(_BROWSERS),
        behind_scanner=dice.random() < 0.08,
        behind_proxy=dice.random() < 0.15,
        leaves=0.015 if dice.random() < 0.8 else 0.08,
    )


def plan_visits(address: str, message: ReadMessage, *, door_url: str, delay_seconds: float) -> list[Visit]:
    """Return what a reader will do with a message, in the order of time. Only the door's own addresses are called."""
    persona = make_persona(address)
    seed = f"{address.lower()} {message.header('message-id')}"
    dice = random.Random(zlib.crc32(seed.encode("utf-8", "replace")))  # noqa: S311  as above
    links = [url for url in dict.fromkeys(message.links) if url.startswith(f"{door_url}/r/")]
    beacons = [url for url in message.images if url.startswith(f"{door_url}/o/")]
    visits = _plan_machines(persona, dice, links, beacons)
    if dice.random() < persona.opens:
        at = delay_seconds * persona.patience * dice.lognormvariate(0, 0.8)
        visits += [Visit(at, "open", url, persona.user_agent) for url in beacons]
        if dice.random() < 0.2:
            again = at + delay_seconds * (1 + 4 * dice.random())
            visits += [Visit(again, "open", url, persona.user_agent) for url in beacons]
        if links and dice.random() < persona.clicks:
            visits += _plan_clicks(persona, dice, links, at, delay_seconds)
        if dice.random() < persona.leaves:
            visits += _plan_leaving(persona, dice, message, door_url, at + delay_seconds * dice.random())
    return sorted(visits, key=lambda visit: visit.after_seconds)


def _plan_machines(persona: Persona, dice: random.Random, links: Sequence[str], beacons: Sequence[str]) -> list[Visit]:
    """What happens before a person looks: a gateway tries every link at once, a private relay fetches the images."""
    visits: list[Visit] = []
    if persona.behind_scanner:
        agent, at = dice.choice(_SCANNERS), 0.5 + 2 * dice.random()
        visits += [Visit(at, "head", url, agent) for url in links]
        visits += [Visit(at + 0.2, "click", url, agent) for url in links]
    if persona.behind_proxy:
        visits += [Visit(1 + 5 * dice.random(), "open", url, _PRIVATE_PROXY) for url in beacons]
    return visits


def _plan_clicks(
    persona: Persona, dice: random.Random, links: Sequence[str], opened_at: float, delay_seconds: float
) -> list[Visit]:
    at, visits = opened_at, []
    for _ in range(1 + (dice.random() < 0.3)):
        at += delay_seconds * (0.1 + 0.6 * dice.random())
        place = min(int(dice.expovariate(0.9)), len(links) - 1)  # what stands first is clicked most
        visits.append(Visit(at, "click", links[place], persona.user_agent))
    return visits


def _plan_leaving(persona: Persona, dice: random.Random, message: ReadMessage, door_url: str, at: float) -> list[Visit]:
    one_click = message.header("list-unsubscribe").strip().strip("<>")
    centres = [url for url in message.links if url.startswith(f"{door_url}/c/")]
    if centres and dice.random() < 0.3:
        return [Visit(at, "centre", centres[0], persona.user_agent)]
    if one_click.startswith(f"{door_url}/u/"):
        return [Visit(at, "unsubscribe", one_click, persona.user_agent)]
    return []
