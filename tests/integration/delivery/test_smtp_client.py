"""The SMTP client against real servers on loopback: the mailbox's sink, aiosmtpd, and servers that misbehave."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from senet.delivery.smtp import client as client_module
from senet.delivery.values import Outgoing, Stage, Verdict
from senet.demo.certificates import make_certificate
from senet.demo.rules import Rule
from senet.demo.smtp_sink import RunningSink, SinkOptions, running_sink
from tests.support.smtp import EHLO, Peer, client_of, odd_server, outgoing, send_all


def _bodies(sink: RunningSink) -> dict[str, bytes]:
    return {envelope.recipients[0]: envelope.data for envelope in sink.envelopes}


@pytest.mark.parametrize("connections", [1, 5])
@pytest.mark.parametrize("pipelining", [True, False])
def test_every_message_arrives_once_and_unchanged(connections: int, *, pipelining: bool) -> None:
    contents = {number: b"Subject: %d\r\n\r\n%b\r\n" % (number, b".x\r\n" * (number % 7)) for number in range(300)}
    with (
        running_sink(SinkOptions(pipelining=pipelining)) as sink,
        client_of(sink.port, f"tls=none&connections={connections}") as client,
    ):
        found = send_all(client, [outgoing(number, content=content) for number, content in contents.items()])
    assert {outcome.verdict for outcome in found.values()} == {Verdict.ACCEPTED}
    assert _bodies(sink) == {f"p{number}@example.org": content for number, content in contents.items()}
    assert len(sink.envelopes) == 300
    assert sink.counters.connections <= connections


def test_a_megabyte_goes_through_in_pieces() -> None:
    content = b"Subject: big\r\n\r\n" + b"0123456789" * 5 + b"\r\n" + b"y" * 70 * 15_000 + b"\r\n"
    with running_sink() as sink, client_of(sink.port) as client:
        send_all(client, [outgoing(number, content=content) for number in range(5)])
    assert [len(envelope.data) for envelope in sink.envelopes] == [len(content)] * 5


def test_messages_that_are_stuffed_already_are_sent_as_they_are() -> None:
    message = Outgoing(1, "a@shop.example", "b@example.org", b"Subject: x\r\n\r\n=2E\r\n", stuffed=True)
    with running_sink() as sink, client_of(sink.port) as client:
        send_all(client, [message])
    assert sink.envelopes[0].data == message.content


@pytest.mark.parametrize("pipelining", [True, False])
def test_refusals_and_deliveries_are_told_apart_in_any_mix(*, pipelining: bool) -> None:
    kinds = ["", "+bounce", "+full", "+blocked", "+greylist", "+busy", "", "+bounce", "+bounce"]
    people = [f"p{number}{kinds[number % len(kinds)]}@example.org" for number in range(270)]
    with (
        running_sink(SinkOptions(pipelining=pipelining)) as sink,
        client_of(sink.port, "tls=none&connections=3") as client,
    ):
        found = send_all(client, [outgoing(number, address) for number, address in enumerate(people)])
    expected = {
        "": (Verdict.ACCEPTED, Stage.DATA, 250, "2.0.0"),
        "+bounce": (Verdict.REFUSED, Stage.RCPT, 550, "5.1.1"),
        "+full": (Verdict.REFUSED, Stage.RCPT, 552, "5.2.2"),
        "+blocked": (Verdict.REFUSED, Stage.DATA, 554, "5.7.1"),
        "+greylist": (Verdict.REFUSED, Stage.RCPT, 451, "4.7.1"),
        "+busy": (Verdict.REFUSED, Stage.RCPT, 451, "4.3.2"),
    }
    for number, outcome in found.items():
        kind = kinds[number % len(kinds)]
        assert (outcome.verdict, outcome.stage, outcome.code, outcome.enhanced) == expected[kind], people[number]
    assert {envelope.recipients[0] for envelope in sink.envelopes} == {
        person for number, person in enumerate(people) if not kinds[number % len(kinds)]
    }


def test_a_server_that_drops_connections_in_the_middle_leaves_the_others_messages_alone() -> None:
    rule = Rule(r"\+hangup@", at_data=True, hang_up=True)
    people = [f"p{number}{'+hangup' if number % 10 == 5 else ''}@example.org" for number in range(100)]
    with (
        running_sink(SinkOptions(rules=[rule])) as sink,
        client_of(sink.port, "tls=none&connections=2") as client,
    ):
        waiting, found = [outgoing(number, address) for number, address in enumerate(people)], {}
        deadline = time.monotonic() + 60
        while waiting or client.busy:
            assert time.monotonic() < deadline
            while waiting and client.free:
                client.submit(waiting.pop(0))
            for outcome in client.poll(0.05):
                if outcome.verdict is Verdict.UNSENT:  # not its fault: again
                    waiting.append(outgoing(outcome.id, people[outcome.id]))
                else:
                    found[outcome.id] = outcome.verdict
            client._paused_until = 0.0  # do not wait in a test
    assert found == {
        number: Verdict.UNKNOWN if "+hangup" in person else Verdict.ACCEPTED for number, person in enumerate(people)
    }
    assert len(sink.envelopes) == 90


def test_the_session_goes_on_when_the_server_limits_messages_a_connection() -> None:
    with (
        running_sink(SinkOptions(messages_a_connection=7)) as sink,
        client_of(sink.port, "tls=none&connections=2") as client,
    ):
        waiting, done = [outgoing(number) for number in range(60)], 0
        deadline = time.monotonic() + 60
        while done < 60:
            assert time.monotonic() < deadline
            while waiting and client.free:
                client.submit(waiting.pop(0))
            for outcome in client.poll(0.05):
                if outcome.verdict is Verdict.ACCEPTED:
                    done += 1
                else:
                    assert outcome.verdict is Verdict.UNSENT or outcome.code == 421
                    waiting.append(outgoing(outcome.id))
            client._paused_until = 0.0
    assert sorted(_bodies(sink)) == sorted(f"p{number}@example.org" for number in range(60))
    assert len(sink.envelopes) == 60


# -- TLS and AUTH ------------------------------------------------------------------------------------------------------


def test_starttls_protects_the_session_and_checks_the_certificate(tmp_path: Path) -> None:
    authority, context = make_certificate(tmp_path)
    with running_sink(SinkOptions(tls=context, users={"ada": "s:e/cret"})) as sink:
        trusted = f"tls=starttls&connections=2&ca={authority}"
        with client_of(sink.port, trusted, login="ada:s%3Ae%2Fcret") as client:
            found = send_all(client, [outgoing(number) for number in range(50)])
        assert {outcome.verdict for outcome in found.values()} == {Verdict.ACCEPTED}
        with client_of(sink.port, "tls=starttls&connections=1", login="ada:s%3Ae%2Fcret") as client:
            (outcome,) = send_all(client, [outgoing(99)]).values()
            assert (outcome.verdict, outcome.stage) == (Verdict.UNSENT, Stage.CONNECT)
            assert "certificate" in client.trouble.lower()
        with client_of(sink.port, "tls=starttls&verify=no", login="ada:s%3Ae%2Fcret") as client:
            assert send_all(client, [outgoing(1)])[1].verdict is Verdict.ACCEPTED
        with client_of(sink.port, "tls=auto", login="ada:s%3Ae%2Fcret") as client:
            assert send_all(client, [outgoing(1)])[1].verdict is Verdict.ACCEPTED


def test_a_server_without_starttls_is_not_used_when_it_is_asked_for() -> None:
    with running_sink() as sink, client_of(sink.port, "tls=starttls") as client:
        (outcome,) = send_all(client, [outgoing(1)]).values()
        assert outcome.verdict is Verdict.UNSENT
        assert "STARTTLS" in client.trouble
        assert sink.envelopes == []


def test_a_wrong_password_pauses_the_provider_and_costs_no_message() -> None:
    with (
        running_sink(SinkOptions(users={"ada": "secret"})) as sink,
        client_of(sink.port, "tls=none", login="ada:wrong") as client,
    ):
        (outcome,) = send_all(client, [outgoing(1)]).values()
        assert (outcome.verdict, outcome.stage) == (Verdict.UNSENT, Stage.CONNECT)
        assert client.free == 0
        assert client.pause_seconds > 0
        assert "535" in client.trouble


def test_a_server_that_wants_a_login_pauses_the_provider() -> None:
    with running_sink(SinkOptions(users={"ada": "secret"})) as sink, client_of(sink.port) as client:
        (outcome,) = send_all(client, [outgoing(1)]).values()
        assert (outcome.verdict, outcome.stage) == (Verdict.UNSENT, Stage.CONNECT)
        assert "530" in client.trouble


def test_words_before_the_protection_do_not_count(tmp_path: Path) -> None:
    def serve(peer: Peer) -> None:
        peer.greet(b"250-odd.example\r\n250 STARTTLS\r\n")
        peer.line()
        peer.say(b"220 go\r\n250-injected\r\n250 AUTH PLAIN\r\n")
        time.sleep(1)

    with odd_server(serve) as port, client_of(port, "tls=starttls&verify=no") as client:
        (outcome,) = send_all(client, [outgoing(1)]).values()
        assert outcome.verdict is Verdict.UNSENT


# -- another implementation --------------------------------------------------------------------------------------------


class _Keeper:
    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802  server, session, envelope, address, options
        envelope: Envelope = given[2]
        if "nobody" in given[3]:
            return "550 5.1.1 Nobody here"
        envelope.rcpt_tos.append(given[3])
        return "250 OK"

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802  server, session, envelope
        envelope: Envelope = given[2]
        assert isinstance(envelope.content, bytes)
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 Taken"


@contextmanager
def _aiosmtpd(**options: Any) -> Iterator[tuple[int, _Keeper]]:
    keeper = _Keeper()
    controller = Controller(keeper, hostname="127.0.0.1", port=0, **options)

    async def listen() -> None:
        server = await controller.loop.create_server(controller._factory_invoker, "127.0.0.1", 0)
        controller.server = server

    thread_ready = threading.Event()

    def run() -> None:
        controller.loop.run_until_complete(listen())
        thread_ready.set()
        controller.loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert thread_ready.wait(10)
    assert isinstance(controller.server, asyncio.Server)
    port = controller.server.sockets[0].getsockname()[1]
    try:
        yield port, keeper
    finally:
        controller.loop.call_soon_threadsafe(controller.server.close)
        time.sleep(0.05)
        controller.loop.call_soon_threadsafe(controller.loop.stop)
        thread.join(10)
        controller.loop.close()


def test_aiosmtpd_takes_the_same_messages_without_pipelining() -> None:
    messages = [outgoing(number, "nobody@example.org" if number % 5 == 0 else "") for number in range(50)]
    with _aiosmtpd() as (port, keeper):
        with client_of(port, "tls=none&connections=2") as client:
            found = send_all(client, messages)
        time.sleep(0.1)
    assert sum(1 for outcome in found.values() if outcome.verdict is Verdict.ACCEPTED) == 40
    assert {(outcome.code, outcome.enhanced) for outcome in found.values() if outcome.verdict is Verdict.REFUSED} == {
        (550, "5.1.1")
    }
    assert sorted(address for address, _ in keeper.taken) == sorted(
        message.to_address for message in messages if "nobody" not in message.to_address
    )


@pytest.mark.parametrize("excluded", [["LOGIN"], ["PLAIN"]])
def test_aiosmtpd_lets_us_in_over_starttls(tmp_path: Path, excluded: list[str]) -> None:
    _, context = make_certificate(tmp_path)

    def check(server: object, session: object, envelope: object, mechanism: str, login: LoginPassword) -> AuthResult:
        return AuthResult(success=(login.login, login.password) == (b"ada", b"secret"))

    options = {
        "authenticator": check,
        "auth_required": True,
        "tls_context": context,
        "require_starttls": True,
        "auth_exclude_mechanism": excluded,
    }
    with _aiosmtpd(**options) as (port, keeper):
        with client_of(port, "tls=starttls&verify=no&connections=1", login="ada:secret") as client:
            found = send_all(client, [outgoing(number) for number in range(5)])
        time.sleep(0.1)
    assert {outcome.verdict for outcome in found.values()} == {Verdict.ACCEPTED}
    assert len(keeper.taken) == 5


def test_a_connection_that_is_protected_from_its_first_byte(tmp_path: Path) -> None:
    authority, context = make_certificate(tmp_path)

    def serve(peer: Peer) -> None:
        secure = Peer(context.wrap_socket(peer.socket, server_side=True))
        secure.greet()
        for _ in range(3):
            for answer in (b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"):
                secure.line()
                secure.say(answer)
            secure.text()
            secure.say(b"250 2.0.0 taken\r\n")
        secure.line()
        secure.file.close()
        secure.socket.close()

    with odd_server(serve) as port, client_of(port, f"tls=tls&ca={authority}&connections=1") as client:
        found = send_all(client, [outgoing(number, content=b"x" * 100_000 + b"\r\n") for number in range(3)])
    assert {outcome.verdict for outcome in found.values()} == {Verdict.ACCEPTED}
    assert ssl.HAS_TLSv1_3


# -- servers that misbehave --------------------------------------------------------------------------------------------


def test_a_line_of_ten_megabytes_ends_the_connection_and_loses_nothing() -> None:
    def serve(peer: Peer) -> None:
        peer.greet()
        peer.line()
        for _ in range(160):
            peer.say(b"2" * 65_536)

    with odd_server(serve) as port, client_of(port) as client:
        (outcome,) = send_all(client, [outgoing(1)]).values()
    assert (outcome.verdict, outcome.stage) == (Verdict.UNSENT, Stage.DATA)


@pytest.mark.parametrize(
    "greeting", [b"554 go away\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"", b"220-" + b"x" * 20_000, b"421 busy\r\n"]
)
def test_a_greeting_that_is_none_pauses_the_provider(greeting: bytes) -> None:
    with odd_server(lambda peer: peer.say(greeting)) as port, client_of(port) as client:
        (outcome,) = send_all(client, [outgoing(1)]).values()
        assert (outcome.verdict, outcome.stage) == (Verdict.UNSENT, Stage.CONNECT)
        assert client.pause_seconds > 0
        assert client.trouble


def test_nobody_listening_pauses_longer_each_time_and_work_ends_the_pause() -> None:
    with odd_server(lambda _: None) as port:
        pass
    now = [1000.0]
    with client_of(port) as client:
        client._clock = lambda: now[0]
        client._chance = lambda: 1.0
        pauses = []
        for number in range(9):
            (outcome,) = send_all(client, [outgoing(number)]).values()
            assert (outcome.verdict, outcome.stage) == (Verdict.UNSENT, Stage.CONNECT)
            pauses.append(client.pause_seconds)
            now[0] += client.pause_seconds + 0.001
    assert pauses == pytest.approx([0.5, 1, 2, 4, 8, 16, 32, 60, 60])


def test_a_server_without_a_name_pauses_the_provider() -> None:
    with client_of(25) as client:
        client.settings = type(client.settings)("no-such-host.invalid", tls=client.settings.tls)
        client._addresses = []
        (outcome,) = send_all(client, [outgoing(1)]).values()
    assert outcome.verdict is Verdict.UNSENT


def test_a_server_that_falls_silent_is_given_up_after_the_timeout() -> None:
    def serve(peer: Peer) -> None:
        peer.greet()
        for answer in (b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"):
            peer.line()
            peer.say(answer)
        peer.text()
        time.sleep(60)

    with odd_server(serve) as port, client_of(port, "tls=none&connections=1&timeout=1") as client:
        started = time.monotonic()
        found = send_all(client, [outgoing(1), outgoing(2)], seconds=40)
        assert time.monotonic() - started < 30
    assert found[1].verdict is Verdict.UNKNOWN, "its text had left"
    assert found[2].verdict is Verdict.UNSENT, "it had not"


def test_a_server_that_never_greets_is_given_up() -> None:
    with (
        odd_server(lambda _: time.sleep(10)) as port,
        client_of(port, "tls=none&connect_timeout=0.3") as client,
    ):
        (outcome,) = send_all(client, [outgoing(1)], seconds=5).values()
    assert (outcome.verdict, outcome.stage) == (Verdict.UNSENT, Stage.CONNECT)


def test_a_server_that_wants_a_text_though_it_refused_the_recipient_gets_an_empty_one() -> None:
    texts: list[bytes] = []

    def serve(peer: Peer) -> None:
        peer.greet()
        for answers in ((b"250 OK\r\n", b"550 5.1.1 no\r\n"), (b"250 OK\r\n", b"250 OK\r\n")):
            line = peer.line()
            if line == b"RSET":
                peer.say(b"250 OK\r\n")
                peer.line()
            for answer in answers:
                peer.say(answer)
                peer.line()
            peer.say(b"354 go\r\n")
            texts.append(peer.text())
            peer.say(b"554 5.5.1 no recipients\r\n" if not texts[-1] else b"250 taken\r\n")
        peer.line()

    with odd_server(serve) as port, client_of(port) as client:
        found = send_all(client, [outgoing(1), outgoing(2)])
    assert (found[1].verdict, found[1].code, found[1].stage) == (Verdict.REFUSED, 550, Stage.RCPT)
    assert found[2].verdict is Verdict.ACCEPTED
    assert [bool(text) for text in texts] == [False, True]


@pytest.mark.parametrize(
    "answers",
    [
        [b"354 go\r\n"],
        [b"250 OK\r\n", b"250 OK\r\n", b"250 OK\r\n"],
        [b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n", b"354 go\r\n"],
        [b"250 OK\r\n250 OK\r\n250 OK\r\n250 OK\r\n"],
        [b"nonsense\r\n"],
    ],
)
def test_answers_out_of_place_end_the_connection_and_deliver_nothing(answers: list[bytes]) -> None:
    def serve(peer: Peer) -> None:
        peer.greet()
        for answer in answers:
            peer.line()
            peer.say(answer)
        time.sleep(2)

    with odd_server(serve) as port, client_of(port) as client:
        (outcome,) = send_all(client, [outgoing(1)], seconds=5).values()
    assert outcome.verdict in {Verdict.UNSENT, Verdict.UNKNOWN}


def test_an_old_server_that_knows_only_helo_is_spoken_to() -> None:
    def serve(peer: Peer) -> None:
        peer.say(b"220 old\r\n")
        assert peer.line().startswith(b"EHLO")
        peer.say(b"500 what\r\n")
        assert peer.line().startswith(b"HELO")
        peer.say(b"250 old\r\n")
        for _ in range(3):
            for answer in (b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"):
                peer.line()
                peer.say(answer)
            peer.text()
            peer.say(b"250 taken\r\n")
        peer.line()

    with odd_server(serve) as port, client_of(port) as client:
        found = send_all(client, [outgoing(number) for number in range(3)])
    assert {outcome.verdict for outcome in found.values()} == {Verdict.ACCEPTED}


def test_a_server_that_takes_few_connections_is_asked_for_no_more_of_them() -> None:
    let_in = threading.Semaphore(1)

    def serve(peer: Peer) -> None:
        if not let_in.acquire(blocking=False):
            peer.say(b"421 4.7.0 too many connections\r\n")
            return
        peer.greet(EHLO)
        while True:
            for answer in (b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"):
                assert peer.line()
                peer.say(answer)
            peer.text()
            time.sleep(0.01)
            peer.say(b"250 taken\r\n")

    with odd_server(serve) as port, client_of(port, "tls=none&connections=4") as client:
        waiting, accepted = [outgoing(number) for number in range(40)], 0
        deadline = time.monotonic() + 20
        while accepted < 40:
            assert time.monotonic() < deadline
            while waiting and client.free:
                client.submit(waiting.pop(0))
            for outcome in client.poll(0.05):
                accepted += outcome.verdict is Verdict.ACCEPTED
                if outcome.verdict is Verdict.UNSENT:
                    waiting.append(outgoing(outcome.id))


def test_closing_gives_back_what_is_under_way() -> None:
    def serve(peer: Peer) -> None:
        peer.greet()
        for answer in (b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"):
            peer.line()
            peer.say(answer)
        peer.text()
        time.sleep(2)

    with odd_server(serve) as port, client_of(port) as client:
        client.submit(outgoing(1))
        client.submit(outgoing(2))
        deadline = time.monotonic() + 5
        while not any(held.current and held.current.text_end for held in client._connections):
            assert time.monotonic() < deadline
            client.poll(0.05)
        found = {outcome.id: outcome.verdict for outcome in client.close()}
        client.close = list  # type: ignore[method-assign]  # closed once is enough
    assert found == {1: Verdict.UNKNOWN, 2: Verdict.UNSENT}


def test_a_poll_that_waits_is_woken_from_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_TICK_SECONDS", 60.0)  # nothing else ends its wait
    with running_sink() as sink, client_of(sink.port) as client:
        threading.Timer(0.05, client.wake).start()
        started = time.monotonic()
        client.poll(60)
        assert time.monotonic() - started < 30
