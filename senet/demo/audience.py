"""Plays the readers of what the mailbox takes: they open, click and unsubscribe by calling the real door over HTTP.

Input: the mailbox's messages. Output: requests to the door, some seconds or minutes later, a bounded number at a time.
It calls nothing but the door: redirects to the outside are not followed, other addresses are ignored.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

import httpx
import structlog

from senet.demo.personas import Visit, plan_visits
from senet.demo.store import MessageStore, read_message

log = structlog.get_logger(__name__)

CONCURRENT = 16
MAX_PLANNED = 200_000
_MESSAGES_A_STEP = 5  # reading is slow work, and the SMTP server lives on the same loop
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(slots=True)
class Tally:
    """What the audience has done so far."""

    messages: int = 0
    visits: int = 0
    failures: int = 0
    dropped: int = 0


@dataclass(slots=True)
class Audience:
    """Readers of one mailbox."""

    store: MessageStore
    door_url: str
    delay_seconds: float = 45.0
    tally: Tally = field(default_factory=Tally)
    _planned: list[tuple[float, int, Visit]] = field(default_factory=list)
    _seen: int = 0

    async def play(self) -> None:
        """Read and react until cancelled."""
        numbers = itertools.count()
        running: set[asyncio.Task[None]] = set()
        async with httpx.AsyncClient(timeout=10, limits=httpx.Limits(max_connections=CONCURRENT)) as client:
            try:
                while True:
                    now = asyncio.get_running_loop().time()
                    busy = self._plan_new(now, numbers)
                    while self._planned and self._planned[0][0] <= now and len(running) < CONCURRENT:
                        _, _, visit = heapq.heappop(self._planned)
                        task = asyncio.create_task(self._pay(client, visit))
                        running.add(task)
                        task.add_done_callback(running.discard)
                    await self._pause(busy, running)
            finally:
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)

    async def _pause(self, busy: bool, running: set[asyncio.Task[None]]) -> None:
        if len(running) >= CONCURRENT:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(0 if busy else 0.05)

    def _plan_new(self, now: float, numbers: itertools.count[int]) -> bool:
        """Plan what readers will do with the messages that came in; returns whether there may be more."""
        new = self.store.list_after(self._seen, _MESSAGES_A_STEP)
        for stored in new:
            self._seen = stored.number
            self.tally.messages += 1
            read = read_message(stored.envelope.data)
            for recipient in stored.envelope.recipients:
                plan = plan_visits(recipient, read, door_url=self.door_url, delay_seconds=self.delay_seconds)
                for visit in plan:
                    if len(self._planned) >= MAX_PLANNED:
                        self.tally.dropped += 1
                    else:
                        heapq.heappush(self._planned, (now + visit.after_seconds, next(numbers), visit))
        return len(new) == _MESSAGES_A_STEP

    async def _pay(self, client: httpx.AsyncClient, visit: Visit) -> None:
        """Make one visit; a door that is down is tried once more."""
        for wait in (5.0, 0.0):
            try:
                await self._call(client, visit)
            except httpx.HTTPError:
                await asyncio.sleep(wait)
            else:
                self.tally.visits += 1
                return
        self.tally.failures += 1
        log.debug("visit_failed", act=visit.act)

    async def _call(self, client: httpx.AsyncClient, visit: Visit) -> None:
        headers = {"User-Agent": visit.user_agent}
        match visit.act:
            case "head":
                await client.head(visit.url, headers=headers)
            case "unsubscribe":
                await client.post(visit.url, headers=headers, data={"List-Unsubscribe": "One-Click"})
            case "centre":
                await self._leave_at_centre(client, visit.url, headers)
            case _:
                await client.get(visit.url, headers=headers)

    async def _leave_at_centre(self, client: httpx.AsyncClient, url: str, headers: dict[str, str]) -> None:
        """Open the subscription centre, take every tick away and save, as a browser does."""
        page = await client.get(url, headers=headers)
        form = read_form(page.text, url)
        if form is not None and form[0].startswith(self.door_url):
            await client.post(form[0], headers=headers, data=form[1])


def read_form(html: str, url: str) -> tuple[str, dict[str, str]] | None:
    """Return a page's first form that is posted: its address and its fields without ticks. None when there is none."""
    for attributes, content in _FORM.findall(html):
        named = _read_attributes(attributes)
        if named.get("method", "get").lower() != "post":
            continue
        fields = [_read_attributes(text) for text in _INPUT.findall(content)]
        kept = {
            field["name"]: field.get("value", "")
            for field in fields
            if "name" in field and field.get("type", "text").lower() in ("hidden", "text", "email")
        }
        return urljoin(url, named.get("action", "")), kept
    return None


def _read_attributes(text: str) -> dict[str, str]:
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(text)}
