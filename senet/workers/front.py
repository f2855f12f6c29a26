"""The app's front: one ASGI function that sends a request to Django or to the built user interface.

It puts the security headers on every answer that has none of its own, counts, and times.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import cast

from django.core.handlers.asgi import ASGIHandler
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from senet.workers.limits import limit_body
from senet.workers.metrics import REQUEST_SECONDS
from senet.workers.static import make_user_interface

_DJANGO = ("/api/", "/internal/", "/healthz", "/metrics")
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


def make_front(django: ASGIApp | ASGIHandler, ui_folder: Path) -> ASGIApp:
    """Return the app's ASGI application."""
    user_interface = make_user_interface(ui_folder)
    api = limit_body(cast("ASGIApp", django))  # Django's handler is one; its annotations are narrower

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        status = 500
        is_django = scope["path"].startswith(_DJANGO)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}  # Django writes names in capitals
                missing = [header for header in _HEADERS if header[0] not in present]
                message = {**message, "headers": [*message["headers"], *missing]}
            await send(message)

        try:
            await (api if is_django else user_interface)(scope, receive, send_with_headers)
        finally:
            labels = ("django" if is_django else "ui", scope["method"], f"{status // 100}xx")
            REQUEST_SECONDS.labels(*labels).observe(time.perf_counter() - started)

    return front
