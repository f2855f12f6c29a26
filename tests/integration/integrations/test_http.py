"""The client of webhooks against a real server: what it takes, what it refuses, and for how long."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest

from senet.integrations.addresses import AddressPolicy
from senet.integrations.http import LARGEST_ANSWER, HttpClient
from senet.integrations.values import Outcome
from tests.support.processes import free_port
from tests.support.webhooks import LOOPBACK, Reply, WebhookServer, webhook_server

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Post = Callable[..., Outcome]


def _port(server: WebhookServer) -> str:
    return server.url.rpartition(":")[2].partition("/")[0]


@pytest.fixture
def post() -> Iterator[Post]:
    """Posts with one client of short patience to loopback."""
    client = HttpClient(LOOPBACK, connect_seconds=0.5, whole_seconds=1.0)
    yield lambda url, body=b"{}": client.post(url, {"Content-Type": "application/json"}, body, now=NOW)
    client.close()


def test_a_body_arrives_as_it_was_sent(post: Post) -> None:
    with webhook_server(Reply(202, b"taken")) as server:
        outcome = post(server.url + "?a=1", b'{"name":"\xc3\xbc"}')
    (request,) = server.received
    assert (request.path, request.body) == ("/hook?a=1", b'{"name":"\xc3\xbc"}')
    assert request.headers["Content-Type"] == "application/json"
    assert outcome == Outcome(status=202, body="taken")


def test_a_connection_is_used_again(post: Post) -> None:
    with webhook_server() as server:
        assert all(post(server.url).ok for _ in range(20))
    assert len(server.received) == 20


def test_a_redirect_is_not_followed(post: Post) -> None:
    with webhook_server() as secret, webhook_server(Reply(302, headers={"Location": secret.url})) as server:
        outcome = post(server.url)
    assert secret.received == []
    assert (outcome.status, outcome.again) == (302, False)
    assert "redirect" in outcome.error


def test_a_server_that_does_not_answer_costs_the_whole_time_and_no_more(post: Post) -> None:
    started = time.monotonic()
    with webhook_server(Reply(seconds=5)) as server:
        outcome = post(server.url)
        assert time.monotonic() - started < 2
    assert outcome == Outcome("No answer within 1 seconds.", again=True)


def test_a_server_that_drips_for_ever_costs_no_more_either(post: Post) -> None:
    started = time.monotonic()
    with webhook_server(Reply(drip=True)) as server:
        outcome = post(server.url)
        assert time.monotonic() - started < 2
    assert (outcome.ok, outcome.again) == (False, True)


def test_a_connection_that_breaks_is_worth_another_attempt(post: Post) -> None:
    with webhook_server(Reply(hang_up=True)) as server:
        assert post(server.url).again
    assert post(f"http://127.0.0.1:{free_port()}/").again


def test_a_name_that_is_not_known_is_worth_another_attempt(post: Post) -> None:
    outcome = post("http://nowhere.invalid/")
    assert outcome.again
    assert "name" in outcome.error


def test_an_answer_without_end_is_read_up_to_a_bound(post: Post) -> None:
    with webhook_server(Reply(200, b"x" * (50 * LARGEST_ANSWER))) as server:
        outcome = post(server.url)
    assert outcome.ok
    assert len(outcome.body) == 500


def test_a_head_without_end_is_refused(post: Post) -> None:
    with webhook_server(Reply(200, headers={f"X-{number}": "x" * 8000 for number in range(40)})) as server:
        assert not post(server.url).ok


def test_retry_after_is_heard(post: Post) -> None:
    with webhook_server(Reply(429, b"", {"Retry-After": "90"})) as server:
        outcome = post(server.url)
    assert outcome.after is not None
    assert (outcome.after.total_seconds(), outcome.rest, outcome.again) == (90, True, True)


def test_an_address_of_this_machine_is_refused_before_anything_is_sent() -> None:
    client = HttpClient(AddressPolicy(), connect_seconds=0.5, whole_seconds=1.0)
    with webhook_server() as server:
        port = _port(server)
        for host in ("127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "0.0.0.0", "[::ffff:127.0.0.1]"):  # noqa: S104
            outcome = client.post(f"http://{host}:{port}", {}, b"{}", now=NOW)
            assert not outcome.ok, host
            assert not outcome.again or "name" in outcome.error, (host, outcome)
    client.close()
    assert server.received == []


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """Let names resolve to the answers in turn, then to the last for ever; return the names that were asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        if not host.endswith(".example"):
            return list(real(host, port, *rest, **more))
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_changes_to_a_forbidden_address_is_refused_when_it_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: the address that is judged is the one that is connected to, at each connection."""
    policy = AddressPolicy(networks=(ip_network("127.0.0.2/32"),))
    client = HttpClient(policy, connect_seconds=0.5, whole_seconds=1.0)
    _resolve_to(monkeypatch, ("127.0.0.2",), ("127.0.0.1",))
    with webhook_server(host="127.0.0.2") as allowed, webhook_server() as forbidden:
        first = client.post(f"http://rebind.example:{_port(allowed)}", {}, b"{}", now=NOW)
        second = client.post(f"http://rebind.example:{_port(forbidden)}", {}, b"{}", now=NOW)
    client.close()
    assert first.ok
    assert forbidden.received == []
    assert (second.ok, second.again) == (False, False)
    assert "127.0.0.1" in second.error


def test_the_address_that_was_judged_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is resolved once a connection: nobody can answer otherwise between judging and connecting."""
    client = HttpClient(LOOPBACK, connect_seconds=0.5, whole_seconds=1.0)
    with webhook_server() as server:
        port = _port(server)
        asked = _resolve_to(monkeypatch, ("127.0.0.1",), ("10.0.0.1",))
        outcome = client.post(f"http://once.example:{port}/hook", {}, b"{}", now=NOW)
    client.close()
    assert outcome.ok
    assert asked == ["once.example"]
    assert server.received[0].headers["Host"] == f"once.example:{port}"


def test_a_private_address_beside_a_public_one_is_never_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    client = HttpClient(LOOPBACK, connect_seconds=0.5, whole_seconds=1.0)
    with webhook_server() as server:
        port = _port(server)
        _resolve_to(monkeypatch, ("10.0.0.1", "127.0.0.1"))
        started = time.monotonic()
        assert client.post(f"http://both.example:{port}/hook", {}, b"{}", now=NOW).ok
        assert time.monotonic() - started < 0.4, "the first address was not tried"
    client.close()


def test_a_resolver_that_hangs_costs_no_more_than_connecting_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: time.sleep(2))
    client = HttpClient(LOOPBACK, connect_seconds=0.2, whole_seconds=0.5)
    started = time.monotonic()
    assert client.post("http://slow.example/", {}, b"{}", now=NOW).again
    assert time.monotonic() - started < 1
    client.close()
