"""A webhook's server for tests: a real HTTP server on loopback that answers as it is told and keeps what it got."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from senet.integrations import actions
from senet.integrations.addresses import AddressPolicy
from senet.integrations.caller import Caller, Places
from senet.integrations.http import HttpClient
from senet.integrations.models import WorkflowCall
from senet.integrations.values import WorkflowKind
from tests.support.accounts import main_unit
from tests.support.cohorts import cohort

LOOPBACK = AddressPolicy(networks=(ip_network("127.0.0.0/8"),))
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers: a status, headers and a body, after a while."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    hang_up: bool = False
    drip: bool = False  # a byte of the head now and then, for ever


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Check the signature as the documentation tells a receiver to."""
        signed = self.headers["Senet-Timestamp"].encode() + b"." + self.body
        expected = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return any(hmac.compare_digest(expected, each) for each in self.headers["Senet-Signature"].split(","))


@dataclass
class WebhookServer:
    """Answers with the next reply of its script, then with the last one for ever."""

    url: str = ""
    script: list[Reply] = field(default_factory=lambda: [Reply()])
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], Reply] | None = None

    def take(self, request: Received) -> Reply:
        self.received.append(request)
        if self.answer is not None:
            return self.answer(request)
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    @property
    def keys(self) -> list[str]:
        """The idempotency keys, in the order in which they came."""
        return [request.headers["Idempotency-Key"] for request in self.received]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: WebhookServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        reply = self.owner.take(Received(self.path, dict(self.headers), body))
        time.sleep(reply.seconds)
        if reply.hang_up:
            self.close_connection = True
            return
        if reply.drip:
            self._drip()
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def do_GET(self) -> None:
        self.do_POST()

    def _drip(self) -> None:
        self.close_connection = True
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in itertools.count():
                self.wfile.write(f"X-{number}: 1\r\n".encode())
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # callers connect many at a time

    def handle_error(self, *_: object) -> None:
        return  # a client that hangs up is part of the test


@contextmanager
def webhook_server(*script: Reply, host: str = "127.0.0.1") -> Iterator[WebhookServer]:
    """Run a server until the block ends."""
    owner = WebhookServer()
    if script:
        owner.script = list(script)
    handler = type("Handler", (_Handler,), {"owner": owner})
    server = _Server((host, 0), handler)
    owner.url = f"http://{host}:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield owner
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def make_workflow(url: str = "https://example.com/hook", **more: Any) -> tuple[int, str]:
    """A webhook; returns its id and its secret."""
    more.setdefault("name", f"Workflow {next(_numbers)}")
    more.setdefault("business_unit_id", main_unit().pk)
    made, secret = actions.create_workflow(kind=WorkflowKind.WEBHOOK, url=url, policy=LOOPBACK, **more)
    assert secret is not None
    return made, secret


def make_action_workflow(action: str) -> int:
    """A workflow that calls a registered Python action."""
    return actions.create_workflow(
        kind=WorkflowKind.ACTION,
        name=f"Workflow {next(_numbers)}",
        action=action,
        policy=LOOPBACK,
        business_unit_id=main_unit().pk,
    )[0]


def launch(
    contact_ids: Sequence[int],
    *,
    workflow: int,
    now: datetime,
    journey: int = 5,
    tile: int = 2,
    per_company: bool = False,
) -> int:
    """Launch a workflow for contacts, as a tile does; return how many calls there are more."""
    with cohort(contact_ids):
        return actions.enqueue_calls(
            workflow_id=workflow, journey_id=journey, iteration=1, tile=tile, per_company=per_company, now=now
        )


@contextmanager
def running_caller(
    clock: Callable[[], datetime], *, policy: AddressPolicy = LOOPBACK, whole_seconds: float = 5.0, **places: int
) -> Iterator[Caller]:
    """A worker's caller on a clock of the test's, without jitter."""
    client = HttpClient(policy, connect_seconds=1.0, whole_seconds=whole_seconds)
    caller = Caller(client, places=Places(**places), clock=clock, chance=lambda: 0.5)
    try:
        yield caller
    finally:
        caller.close()


def make_calls(caller: Caller, now: datetime, *, seconds: float = 20) -> None:
    """Let a caller do everything that is due at a moment."""
    end = time.monotonic() + seconds
    while caller.step(now) or caller.tell()["under_way"]:
        assert time.monotonic() < end, "the calls do not come to an end"


def calls(**which: Any) -> list[WorkflowCall]:
    """The outbox of calls."""
    return list(WorkflowCall.objects.filter(**which).order_by("id"))
