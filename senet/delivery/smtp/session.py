"""Opens a session, as a generator: it yields what to send and is sent the replies, so that it needs no socket.

greeting → EHLO → (STARTTLS, EHLO) → (AUTH) → the server's features.
"""

from __future__ import annotations

import base64
from collections.abc import Generator, Mapping

from senet.delivery.errors import ProtocolBroken, ProviderFailed
from senet.delivery.smtp.address import SmtpSettings, Tls
from senet.delivery.smtp.replies import Reply
from senet.delivery.smtp.transaction import Features

START_TLS = b""  # yielded instead of bytes: protect the connection now
Opening = Generator[bytes | None, Reply, Features]  # None: wait for the greeting


def open_session(settings: SmtpSettings) -> Opening:
    """Open a session. Raises: ProviderFailed when the server refuses us or lacks what the settings ask for."""
    _check((yield None), 220, "does not welcome us")
    offers = yield from _say_hello(settings)
    if settings.tls is Tls.STARTTLS or (settings.tls is Tls.AUTO and "STARTTLS" in offers):
        if "STARTTLS" not in offers:
            raise ProviderFailed("The mail server does not offer STARTTLS, which SENET_SMTP_URL asks for.")
        _check((yield b"STARTTLS\r\n"), 220, "refuses STARTTLS")
        yield START_TLS
        offers = yield from _say_hello(settings)  # what was said in the clear does not count
    if settings.user:
        yield from _log_in(settings, offers.get("AUTH", "").upper().split())
    size = offers.get("SIZE", "").strip()
    return Features(
        pipelining="PIPELINING" in offers,
        eight_bit="8BITMIME" in offers,
        utf8="SMTPUTF8" in offers,
        size=int(size) if size.isdecimal() and len(size) < 20 else 0,
    )


def _say_hello(settings: SmtpSettings) -> Generator[bytes | None, Reply, Mapping[str, str]]:
    name = settings.hello_name.encode("ascii", "replace")
    reply = yield b"EHLO %b\r\n" % name
    if reply.code // 100 == 5:
        _check((yield b"HELO %b\r\n" % name), 250, "refuses HELO")
        return {}
    _check(reply, 250, "refuses EHLO")
    offers: dict[str, str] = {}
    for line in reply.lines[1:]:
        word, _, rest = line.decode("ascii", "replace").replace("=", " ", 1).strip().partition(" ")
        offers[word.upper()] = f"{offers.get(word.upper(), '')} {rest}".strip()
    return offers


def _log_in(settings: SmtpSettings, methods: list[str]) -> Generator[bytes | None, Reply, None]:
    user, password = settings.user.encode(), settings.password.encode()
    if "PLAIN" in methods:
        reply = yield b"AUTH PLAIN %b\r\n" % base64.b64encode(b"\0%b\0%b" % (user, password))
    elif "LOGIN" in methods:
        _check((yield b"AUTH LOGIN\r\n"), 334, "refuses to let us sign in")
        _check((yield base64.b64encode(user) + b"\r\n"), 334, "refuses the user's name")
        reply = yield base64.b64encode(password) + b"\r\n"
    else:
        raise ProviderFailed("The mail server offers no way to sign in that we know (PLAIN or LOGIN).")
    _check(reply, 235, "refuses the user or the password")


def _check(reply: Reply, code: int, what: str) -> None:
    if reply.code == code:
        return
    if reply.code < 400:
        raise ProtocolBroken(f"The mail server answered {reply.code} where {code} was due.")
    raise ProviderFailed(f"The mail server {what}: {reply.code} {reply.enhanced} {reply.text}".rstrip())
