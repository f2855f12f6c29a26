"""SENET_SMTP_URL is read whole, or refused with a sentence."""

from __future__ import annotations

import pytest

from senet.delivery.errors import ProviderUrlInvalid
from senet.delivery.providers import find_provider
from senet.delivery.smtp.address import Tls, read_url


def test_a_full_address_is_read() -> None:
    settings = read_url(
        "smtp://user%40shop:p%3Aw@relay.example:2525?tls=starttls&rate=12.5&connections=7&timeout=60&verify=no"
    )
    assert (settings.host, settings.port, settings.user, settings.password) == (
        "relay.example",
        2525,
        "user@shop",
        "p:w",
    )
    assert (settings.tls, settings.rate, settings.connections) == (Tls.STARTTLS, 12.5, 7)
    assert (settings.timeout_seconds, settings.verify) == (60, False)


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://relay.example", 25, Tls.AUTO),
        ("smtp://u:p@relay.example", 587, Tls.STARTTLS),
        ("smtp://u:p@relay.example:465", 465, Tls.IMPLICIT),
        ("smtps://relay.example", 465, Tls.IMPLICIT),
        ("smtp://relay.example?tls=tls", 465, Tls.IMPLICIT),
        ("smtp://[::1]:2525?tls=none", 2525, Tls.NONE),
    ],
)
def test_port_and_protection_have_careful_defaults(url: str, port: int, tls: Tls) -> None:
    settings = read_url(url)
    assert (settings.port, settings.tls) == (port, tls)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "relay.example",
        "http://relay.example",
        "smtp://",
        "smtp://relay:port",
        "smtp://relay?tls=maybe",
        "smtp://relay?rate=0",
        "smtp://relay?rate=-1",
        "smtp://relay?rate=nan",
        "smtp://relay?connections=none",
        "smtp://relay?conections=3",
        "smtp://relay:99999",
    ],
)
def test_what_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(ProviderUrlInvalid):
        find_provider(url)


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(read_url("smtp://user:secret@relay.example"))
