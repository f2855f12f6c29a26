"""What mails show and link to, served to anybody who has the address: assets, QR codes, calendar files.

An address holds a key that nobody can guess, or a text that was signed here, and what it shows never changes: so it may
be kept for a year. A calendar file may change, and is kept for minutes. Nothing here is logged and nothing can be run:
each answer is of the type that was found when the file came in, in a sandbox.
"""

from __future__ import annotations

import io
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

import segno
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from senet.content.assets.queries import PublicAsset, find_public_asset, read_asset
from senet.content.events import find_event_file
from senet.door import html
from senet.door.calendar import write_calendar
from senet.shared.tokens import find_text

InThread = Callable[..., Awaitable[Any]]  # runs a function of any type in a thread
_PIECE = 256 * 1024
_KEPT_BYTES = 32 * 1024 * 1024  # of small assets in memory
_KEPT_CODES = 2_000
_LARGEST_KEPT = 2 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_INLINE = frozenset({"image", "video"})
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


class Files:
    """Serves files. Small assets and codes are kept in memory once they were asked for."""

    def __init__(self, in_thread: InThread) -> None:
        self._in_thread = in_thread
        self._contents: OrderedDict[int, bytes] = OrderedDict()
        self._size = 0
        self._codes: OrderedDict[str, bytes] = OrderedDict()

    def routes(self) -> Sequence[Route]:
        """Return the routes of everything that is served here."""
        return [
            Route("/a/{key}/{name}", self.asset, methods=["GET"]),
            Route("/q/{token}.png", self.code, methods=["GET"]),
            Route("/calendar/{key}.ics", self.calendar, methods=["GET"]),
        ]

    async def asset(self, request: Request) -> Response:
        """Serve an asset, or the range of it that is asked for."""
        asset: PublicAsset | None = await self._in_thread(find_public_asset, request.path_params["key"])
        if asset is None:
            return _not_found()
        headers = {
            **_SAFE,
            "Cache-Control": _FOR_A_YEAR,
            "ETag": f'"{asset.sha256[:32]}"',
            "Accept-Ranges": "bytes",
            "Content-Disposition": _disposition(asset),
            "Content-Type": asset.content_type,
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers={name: headers[name] for name in ("Cache-Control", "ETag")})
        wanted = _find_range(request.headers.get("range", ""), asset.size)
        if wanted == (0, 0) and asset.size:
            return Response(status_code=416, headers={**_SAFE, "Content-Range": f"bytes */{asset.size}"})
        start, end = wanted or (0, asset.size)
        headers["Content-Length"] = str(end - start)
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{asset.size}"
        status = 206 if wanted else 200
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        if asset.size <= _LARGEST_KEPT:
            content = await self._find_content(asset)
            return Response(content[start:end], status, headers)
        return StreamingResponse(self._stream(asset.id, start, end), status, headers)

    async def code(self, request: Request) -> Response:
        """Serve the picture of a QR code whose text was signed here."""
        token = request.path_params["token"]
        picture = self._codes.get(token)
        if picture is None:
            text = find_text(token, purpose="qr")
            if text is None:
                return _not_found()
            picture = await self._in_thread(draw_code, text)
            self._codes[token] = picture
            if len(self._codes) > _KEPT_CODES:
                self._codes.popitem(last=False)
        return Response(picture, headers={**_SAFE, "Cache-Control": _FOR_A_YEAR}, media_type="image/png")

    async def calendar(self, request: Request) -> Response:
        """Serve an event as a calendar file."""
        event = await self._in_thread(find_event_file, request.path_params["key"])
        if event is None:
            return _not_found()
        headers = {
            **_SAFE,
            "Cache-Control": "public, max-age=300",
            "Content-Disposition": 'attachment; filename="event.ics"',
        }
        return Response(write_calendar(event), headers=headers, media_type="text/calendar; charset=utf-8")

    async def _find_content(self, asset: PublicAsset) -> bytes:
        known = self._contents.get(asset.id)
        if known is not None:
            self._contents.move_to_end(asset.id)
            return known
        content = b"".join([piece async for piece in self._stream(asset.id, 0, asset.size)])
        if len(content) == asset.size and asset.id not in self._contents:
            self._contents[asset.id] = content
            self._size += len(content)
            while self._size > _KEPT_BYTES:
                _, dropped = self._contents.popitem(last=False)
                self._size -= len(dropped)
        return content

    async def _stream(self, asset_id: int, start: int, end: int) -> AsyncIterator[bytes]:
        while start < end:
            piece: bytes = await self._in_thread(read_asset, asset_id, start, min(_PIECE, end - start))
            if not piece:  # it was removed meanwhile
                return
            yield piece
            start += len(piece)


def draw_code(text: str) -> bytes:
    """Return a PNG of a QR code that says a text."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="png", scale=8, border=4)
    return buffer.getvalue()


def _disposition(asset: PublicAsset) -> str:
    how = "inline" if asset.kind in _INLINE else "attachment"
    return f"{how}; filename*=UTF-8''{quote(asset.name, safe='')}"


def _find_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the range that is asked for, None for all of it, and (0, 0) for one that does not exist."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(int(match[2]) + 1 if match[2] else size, size)
    return (start, end) if start < end else (0, 0)


def _not_found() -> Response:
    response = Response(html.NOT_FOUND, 404)
    response.raw_headers = [*html.HEADERS, (b"content-length", str(len(html.NOT_FOUND)).encode())]
    return response
