"""A provider's API as it answers over HTTP, on loopback, and webhooks signed as it signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from senet.delivery.esp.client import METADATA
from tests.support.returns import return_path

SECRET = "whk-test"
Answer = Callable[[str, bytes], tuple[int, Any]]  # a status and JSON


@dataclass
class Api:
    """What was asked, and where to ask."""

    port: int = 0
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The API's address."""
        return f"http://127.0.0.1:{self.port}/v3/"


@contextmanager
def running_api(answer: Answer) -> Iterator[Api]:
    """Run an API whose every answer is `answer(path, body)`: a status and JSON."""
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            api.asked.append((self.path, dict(self.headers), body))
            status, value = answer(self.path, body)
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def token_of(message_id: int) -> str:
    """What the provider gives back of a message."""
    return return_path(message_id).partition("@")[0]


def mailgun_event(event: str, message_id: int | None, **fields: Any) -> bytes:
    """A webhook of Mailgun's, signed."""
    stamp, token = "1772000000", "t" * 50
    signature = hmac.digest(SECRET.encode(), f"{stamp}{token}".encode(), "sha256").hex()
    variables = {METADATA: token_of(message_id)} if message_id else {}
    data = {"event": event, "id": hashlib.sha256(event.encode()).hexdigest()[:22], "timestamp": 1772000000.5,
            "recipient": "ada@example.com", "user-variables": variables, "message": {"headers": {"message-id": "x@y"}},
            **fields}  # fmt: skip
    return json.dumps(
        {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": data}
    ).encode()
