"""Sending through a provider's API: what is asked, and what each answer means for the message."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

import pytest

from senet.delivery.errors import ProviderUrlInvalid
from senet.delivery.esp.client import EspClient
from senet.delivery.esp.registry import ESPS, make_backend, make_webhook, read_esp_url
from senet.delivery.values import Outcome, Outgoing, Verdict
from tests.support.esp import Answer, running_api, token_of
from tests.support.processes import free_port
from tests.support.smtp import send_all

PUBLIC_KEY = (  # SendGrid's own example
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
CONTENT = (
    b"From: Shop <news@shop.example>\r\nTo: ada@example.com\r\nSubject: =?utf-8?b?RnLDvGhsaW5n?=\r\n"
    b"Message-ID: <x@shop.example>\r\nList-Unsubscribe: <https://door.example/u/x>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Gr=C3=BC=C3=9Fe\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p>\r\n--b--\r\n"
)


def outgoing(number: int = 7) -> Outgoing:
    return Outgoing(
        number, "b-x@bounces.shop.example", "ada@example.com", CONTENT, stuffed=True, from_domain="shop.example"
    )


def _ask(answer: Answer, count: int = 1) -> tuple[dict[int, Outcome], list[tuple[str, dict[str, str], bytes]]]:
    with running_api(answer) as api:
        client = EspClient(read_esp_url(f"mailgun://key-1@shop.example?api={api.url}&connections=3"))
        try:
            return send_all(client, [outgoing(number + 1) for number in range(count)]), api.asked
        finally:
            client.close()


def _fine(_path: str, _body: bytes) -> tuple[int, dict[str, Any]]:
    return 200, {"id": "<1@shop.example>", "message": "Queued. Thank you."}


def test_a_message_is_handed_over_with_its_texts_header_fields_and_token() -> None:
    outcomes, asked = _ask(_fine)
    assert outcomes[1].verdict is Verdict.HANDED_OVER
    ((path, headers, body),) = asked
    assert path == "/v3/shop.example/messages"
    assert headers["Authorization"].startswith("Basic ")
    text = body.decode("utf-8", "replace")
    for wanted in (token_of(1), "Frühling", "Grüße", "<p>Hello</p>", "List-Unsubscribe", "news@shop.example"):
        assert wanted in text or wanted in unquote_plus(text), wanted


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (400, Verdict.REFUSED),
        (401, Verdict.UNSENT),
        (429, Verdict.UNSENT),
        (500, Verdict.UNSENT),
        (503, Verdict.UNSENT),
    ],
)
def test_what_the_provider_answers_decides_whose_fault_it_is(status: int, verdict: Verdict) -> None:
    outcomes, _ = _ask(lambda _path, _body: (status, {"message": "No <b>way</b>"}))
    assert outcomes[1].verdict is verdict
    assert outcomes[1].text.startswith(str(status))


def test_a_provider_that_nobody_reaches_pauses_and_loses_nothing() -> None:
    client = EspClient(read_esp_url(f"mailgun://key@shop.example?api=http://127.0.0.1:{free_port()}/"))
    client.submit(outgoing())
    (outcome,) = client.poll(20)
    assert outcome.verdict is Verdict.UNSENT
    assert (client.free, client.busy) == (0, 0)
    assert client.pause_seconds > 0
    assert client.trouble
    client.close()


def test_many_go_at_once_and_each_is_told_once() -> None:
    outcomes, asked = _ask(_fine, 40)
    assert {outcome.verdict for outcome in outcomes.values()} == {Verdict.HANDED_OVER}
    assert len(asked) == 40


def test_what_waits_at_the_end_comes_back_unsent() -> None:
    import threading

    go_on = threading.Event()

    def slow(path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        go_on.wait(10)
        return _fine(path, body)

    with running_api(slow) as api:
        client = EspClient(read_esp_url(f"mailgun://key@shop.example?api={api.url}&connections=1"))
        for number in (1, 2):
            client.submit(outgoing(number))
        threading.Timer(0.3, go_on.set).start()
        verdicts = {outcome.id: outcome.verdict for outcome in client.close()}
    assert verdicts == {1: Verdict.HANDED_OVER, 2: Verdict.UNSENT}


@pytest.mark.parametrize("kind", sorted(ESPS))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_every_provider_that_is_offered_can_be_set_up(kind: str) -> None:
    secrets = {"sendgrid": PUBLIC_KEY, "resend": "whsec_MDEyMzQ1Njc4OWFi"}
    settings = read_esp_url(f"{kind}://key:second@shop.example?webhook={secrets.get(kind, 'user:secret')}")
    title = {"ses": "amazon ses"}.get(kind, kind)
    assert make_backend(settings).esp_name.lower() == title
    assert make_webhook(settings).esp_name.lower() == title
    assert "key" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "mailgun://",
        "nobody://key@x",
        "mailgun://key@x?odd=1",
        "mailgun://key@x?connections=0",
        "mailgun://key@x?rate=x",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ProviderUrlInvalid):
        read_esp_url(url)
