"""How much a request may bring: nobody fills the disk or the memory, signed in or not.

Django keeps a body on disk before it asks who sent it, so the limit stands before Django.
"""

from __future__ import annotations

import json

from django.conf import settings
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from senet.api.envelope import make_envelope

_UPLOADS = "/api/v1/imports"
_USUAL_BYTES = 8 << 20  # a JSON body is refused by Django beyond a part of this


def limit_body(application: ASGIApp) -> ASGIApp:
    """Return the application behind a limit on bodies: SENET_UPLOAD_MEGABYTES for imports, 8 MB for all else."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        most = settings.UPLOAD_BYTES if scope["path"].startswith(_UPLOADS) else _USUAL_BYTES
        if _find_length(scope) > most:
            await _refuse(most, send)
            return
        received = 0
        is_answered = False

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= most else {"type": "http.disconnect"}

        async def send_noted(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        await application(scope, receive_counted, send_noted)
        if received > most and not is_answered:
            await _refuse(most, send)

    return limited


def _find_length(scope: Scope) -> int:
    text = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(text) if text.isdigit() and len(text) < 20 else 0  # anything else: its bytes are counted


async def _refuse(most: int, send: Send) -> None:
    sentence = f"The request is too large; at most {most // 1_000_000:,} MB can be taken here."
    body = json.dumps(make_envelope("too_large", sentence)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})
