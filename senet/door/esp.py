"""POST /esp/<provider>: what email service providers tell of our messages; who does not sign learns nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.db import DatabaseError, InterfaceError

from senet.delivery.errors import WebhookPostponed
from senet.delivery.esp.webhooks import find_webhook, take_webhook
from senet.shared.clock import utc_now

Scope = MutableMapping[str, Any]  # ASGI's own shapes
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
InThread = Callable[..., Awaitable[Any]]

_MOST_BYTES = 2 * 1024 * 1024


async def answer_webhook(in_thread: InThread, scope: Scope, receive: Receive, send: Send) -> None:
    """Take a webhook and answer when it is written down; a failure of ours asks the provider to come again."""
    provider = find_webhook(scope["path"].removeprefix("/esp/").strip("/"))
    if provider is None:
        await _answer(send, 404)
        return
    if scope["method"] == "HEAD":  # some providers look whether anybody is there
        await _answer(send, 200)
        return
    if scope["method"] != "POST":
        await _answer(send, 405)
        return
    body = await _read_body(receive)
    if body is None:
        await _answer(send, 413)
        return
    try:
        changed = await in_thread(take_webhook, provider, list(scope["headers"]), body, utc_now())
    except (DatabaseError, InterfaceError, WebhookPostponed):
        await _answer(send, 503)
        return
    await _answer(send, 400 if changed is None else 200)


async def _read_body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _MOST_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
