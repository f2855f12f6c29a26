"""The door's ASGI application: one bare function for beacons and redirects, Starlette's pages for the rest.

GET and HEAD change nothing but the log. A recipient never sees a 5xx that could be avoided.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from senet.door import html
from senet.door.esp import answer_webhook
from senet.door.limits import AttemptLimit
from senet.door.links import LinkBook
from senet.door.pages import make_pages
from senet.door.recorder import Recorder
from senet.door.spool import Spool
from senet.door.values import Event
from senet.door.visitors import make_event, with_verdict
from senet.shared.tokens import LinkToken, find_link

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]  # ASGI's own shapes
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_BEACON = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00"
    b"\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
_NOT_KEPT = (b"cache-control", b"no-store, private")
_NOT_INDEXED = (b"x-robots-tag", b"noindex, nofollow")
_BEACON_HEADERS: Headers = [
    (b"content-type", b"image/gif"),
    (b"content-length", str(len(_BEACON)).encode()),
    _NOT_KEPT,
    _NOT_INDEXED,
]
_MAX_PATH = 2_048
_MAX_HEADERS = 32_768
_THREADS = 8


class Door:
    """The application and what it holds: the recorder, the links it knows, the limit on wrong tokens."""

    def __init__(self, spool_folder: Path) -> None:
        self.recorder = Recorder(Spool(spool_folder))
        self._links = LinkBook()
        self._wrong_tokens = AttemptLimit(attempts=300, seconds=60)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="door")
        self._pages = make_pages(self.in_thread, self._keep)
        self._started = False

    def start(self) -> None:
        """Begin to record."""
        if not self._started:
            self._started = True
            self.recorder.start()

    def stop(self) -> None:
        """Write what has been noted, then end."""
        if self._started:
            self.recorder.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:  # whatever the function returns
        """Run something that asks the database, with a connection that is given back."""

        def run() -> Any:
            try:
                return function(*arguments)
            finally:
                connections.close_all()

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(self, receive, send)
            return
        if scope["type"] != "http":
            return
        self.start()
        path: str = scope["path"]
        if len(path) > _MAX_PATH or sum(len(name) + len(value) for name, value in scope["headers"]) > _MAX_HEADERS:
            await _answer_page(send, 431, html.TOO_LARGE, scope["method"])
        elif path.startswith("/o/"):
            await self._open(scope, path, send)
        elif path.startswith("/r/"):
            await self._redirect(scope, path, send)
        elif path.startswith("/esp/"):
            await answer_webhook(self.in_thread, scope, receive, send)
        elif path.startswith("/h/"):
            await self._follow_hidden(scope, path, send)
        else:
            await self._pages(scope, receive, send)

    async def _open(self, scope: Scope, path: str, send: Send) -> None:
        """Answer the beacon, whatever the token is; note the open of a true one."""
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            await _answer_page(send, 405, html.WRONG_METHOD, method, [(b"allow", b"GET, HEAD")])
            return
        token = find_link(path[3:].removesuffix(".gif"), purpose="open")
        if token is not None and token.message_id:
            self.recorder.note(_make_event("EmailOpened", token, None, scope))
        await send({"type": "http.response.start", "status": 200, "headers": _BEACON_HEADERS})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else _BEACON})

    async def _follow_hidden(self, scope: Scope, path: str, send: Send) -> None:
        """Answer the link that no reader sees with a page that says nothing; note who follows it."""
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            await _answer_page(send, 405, html.WRONG_METHOD, method, [(b"allow", b"GET, HEAD")])
            return
        token = find_link(path[3:], purpose="open")
        if token is None:
            await self._refuse(scope, send)
            return
        if token.message_id:
            event = _make_event("HiddenLinkFollowed", token, None, scope)
            self.recorder.note(event._replace(visitor=with_verdict(event.visitor, "bot", "hidden_link")))
        await _answer_page(send, 200, html.NOTHING_HERE, method)

    async def _redirect(self, scope: Scope, path: str, send: Send) -> None:
        """Answer with the stored target, once the click is durable."""
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            await _answer_page(send, 405, html.WRONG_METHOD, method, [(b"allow", b"GET, HEAD")])
            return
        token = find_link(path[3:], purpose="redirect")
        if token is None:
            await self._refuse(scope, send)
            return
        try:
            url = self._links.find_known(token) or await self.in_thread(self._links.find, token)
        except (DatabaseError, InterfaceError):
            await _answer_page(send, 503, html.TRY_AGAIN, method, [(b"retry-after", b"10")])
            return
        if url is None:
            await _answer_page(send, 404, html.NOT_FOUND, method)
            return
        if token.message_id:
            await self._keep(_make_event("EmailClicked", token, token.link, scope))
        headers = [(b"location", url.encode("ascii", "ignore")), (b"content-length", b"0"), _NOT_KEPT, _NOT_INDEXED]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _keep(self, event: Event) -> None:
        """Wait until a click is durable; a recipient is sent on even when no disk takes it."""
        try:
            await self.recorder.keep(event)
        except Exception:
            log.exception("click_not_kept")

    async def _refuse(self, scope: Scope, send: Send) -> None:
        """Answer a wrong token; somebody who tries many waits."""
        address = (scope.get("client") or ("",))[0]
        if self._wrong_tokens.allows(address):
            await _answer_page(send, 404, html.NOT_FOUND, scope["method"])
        else:
            await _answer_page(send, 429, html.TOO_MANY, scope["method"], [(b"retry-after", b"60")])


def _make_event(type_name: str, token: LinkToken, link: int | None, scope: Scope) -> Event:
    event = make_event(type_name, token, link, scope["headers"], (scope.get("client") or ("",))[0])
    if scope["method"] == "HEAD":  # no reader asks for the head alone
        return event._replace(visitor=with_verdict(event.visitor, "bot", "head_request"))
    return event


async def _answer_page(send: Send, status: int, page: bytes, method: str, extra: Headers | None = None) -> None:
    headers = [*html.HEADERS, (b"content-length", str(len(page)).encode()), *(extra or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else page})


async def _live(door: Door, receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            door.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            door.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def make_application() -> Door:
    """Return the door of this installation."""
    return Door(Path(settings.DATA_DIR) / "spool")


application = make_application()
