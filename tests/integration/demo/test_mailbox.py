"""The mailbox as a whole: SMTP in, page and JSON out, readers who call the door."""

from __future__ import annotations

import http.server
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import httpx
import pytest
from pytest_django import Settings

from senet.demo.mailbox import run_mailbox


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Door(http.server.BaseHTTPRequestHandler):
    """Notes every call, and offers a subscription centre."""

    calls: list[str]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(size).decode()
        self.calls.append(f"{self.command} {self.path} {sent}".strip())
        page = b"<form method=post action=''><input type=hidden name=csrf value=1></form>"
        self.send_response(302 if self.path.startswith("/r/") else 200)
        self.send_header("Location", "http://elsewhere.invalid/")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    do_HEAD = do_POST = do_GET  # noqa: N815  the standard library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def running_door() -> Iterator[tuple[str, list[str]]]:
    calls: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Door", (_Door,), {"calls": calls}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[tuple[httpx.Client, int, list[str]]]:
    """A running mailbox: a client of its page, its SMTP port, and what its audience called at the door."""
    stop = threading.Event()
    with running_door() as (door_url, calls):
        settings.DOOR_URL, settings.HOST, settings.AUDIENCE_DELAY_SECONDS = door_url, "127.0.0.1", 0.05
        settings.MAILBOX_PORT, settings.MAILBOX_SMTP_PORT = free_port(), free_port()
        thread = threading.Thread(target=run_mailbox, args=[stop])
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{settings.MAILBOX_PORT}", timeout=10) as client:
            wait_until(lambda: reachable(client))
            yield client, settings.MAILBOX_SMTP_PORT, calls
            stop.set()
            thread.join(10)
            assert not thread.is_alive()


def reachable(client: httpx.Client) -> bool:
    try:
        return client.get("/api/counters").status_code == 200
    except httpx.ConnectError:
        return False


def wait_until(condition: object, seconds: float = 15) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def send(port: int, door_url: str, count: int, *, html: str = "") -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(count):
            message = EmailMessage()
            message["From"], message["To"] = "us@example.org", f"p{number}@example.org"
            message["Subject"], message["Message-ID"] = f"News <b>{number}</b>", f"<{number}@x>"
            message["List-Unsubscribe"] = f"<{door_url}/u/t{number}>"
            message.set_content("Plain")
            links = f'<a href="{door_url}/r/t{number}">go</a><a href="{door_url}/c/t{number}">centre</a>'
            message.add_alternative(f'{html}{links}<img src="{door_url}/o/t{number}">', subtype="html")
            client.send_message(message)


def test_what_arrives_is_listed_shown_and_searched(mailbox: tuple[httpx.Client, int, list[str]]) -> None:
    client, port, _ = mailbox
    send(port, "http://door.invalid", 3, html="<script>alert(1)</script>")
    assert client.get("/api/counters").json() == {"taken": 3, "kept": 3}
    listed = client.get("/api/messages", params={"search": "p1@"}).json()["items"]
    assert [(one["recipients"], one["subject"]) for one in listed] == [(["p1@example.org"], "News <b>1</b>")]
    number = listed[0]["id"]
    message = client.get(f"/api/messages/{number}").json()
    assert message["text"].strip() == "Plain"
    assert message["links"] == ["http://door.invalid/r/t1", "http://door.invalid/c/t1"]
    assert client.get(f"/api/messages/{number}/raw").content.startswith(b"From: us@example.org\r\n")
    assert [one["id"] for one in client.get("/api/messages", params={"after": 1}).json()["items"]] == [2, 3]
    page = client.get("/").text
    assert "News &lt;b&gt;1&lt;/b&gt;" in page
    for part in ("html", "text", "headers", "raw"):
        shown = client.get(f"/messages/{number}", params={"part": part})
        assert shown.status_code == 200
        assert "<script>alert" not in shown.text


def test_a_messages_html_runs_nothing_and_belongs_to_no_origin(
    mailbox: tuple[httpx.Client, int, list[str]],
) -> None:
    client, port, _ = mailbox
    send(port, "http://door.invalid", 1)
    response = client.get("/messages/1/html")
    policy = response.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in client.get("/messages/1").text


@pytest.mark.parametrize("path", ["/?before=x", "/api/messages?after=-1", "/api/messages?limit=1e9"])
def test_a_number_that_is_none_is_refused(mailbox: tuple[httpx.Client, int, list[str]], path: str) -> None:
    assert mailbox[0].get(path).status_code == 400


def test_a_message_that_is_gone_says_so(mailbox: tuple[httpx.Client, int, list[str]]) -> None:
    client = mailbox[0]
    assert client.get("/api/messages/7").status_code == 404
    assert client.get("/messages/7/html").status_code == 404
    assert client.get("/messages/7").status_code == 307


def test_its_readers_open_click_and_leave_at_the_door(
    mailbox: tuple[httpx.Client, int, list[str]], settings: Settings
) -> None:
    client, port, calls = mailbox
    send(port, settings.DOOR_URL, 300)
    assert client.get("/api/counters").json()["taken"] == 300
    wait_until(lambda: sum(call.startswith("GET /o/") for call in calls) > 120)
    wait_until(lambda: any(call.startswith("GET /r/") for call in calls))
    wait_until(lambda: any(call.startswith("HEAD /r/") for call in calls))
    wait_until(lambda: any(call.endswith("List-Unsubscribe=One-Click") for call in calls))
    assert all(call.split()[1][:3] in ("/o/", "/r/", "/u/", "/c/") for call in calls)
    assert not [call for call in calls if call.startswith("POST /r/")]
