"""A real Postfix delivers to good and bad mailboxes, and what it sends back is told for what it is and counted once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.mail_servers import (
    BLOCKED,
    FETCHED,
    FULL,
    GOOD,
    LISTENED,
    MISSING,
    PASSWORD,
    UNREACHABLE,
    USER,
    running_dovecot,
    running_postfix,
)
from tests.support.processes import Installation, free_port, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.mail_servers]

EXPECTED = {
    GOOD: ("delivered", None),
    MISSING: ("hard_bounced", "invalid-mailbox"),
    FULL: ("soft_bounced", "full-mailbox"),
    BLOCKED: ("soft_bounced", "blocklisting-issues"),
    UNREACHABLE: ("soft_bounced", "connection-error"),
}


def _queue(installation: Installation, addresses: list[str]) -> None:
    code = (
        "import django; django.setup();"
        "from tests.support.messages import enqueue, make_version; from tests.support.people import make_contact;"
        "from senet.shared.clock import utc_now;"
        f"enqueue([make_contact(address).pk for address in {addresses!r}], version_id=make_version(), now=utc_now())"
    )
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "senet.config.settings"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)


def _ask(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url) as db:
        return db.execute(statement).fetchall()


def _outcomes(url: str) -> dict[str, tuple[str, str | None]]:
    rows = _ask(url, "SELECT address, state, bounce_category FROM message")
    return {address: (state, category) for address, state, category in rows}


@pytest.fixture
def installation(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[Installation]:
    """An installation whose processes end with the test."""
    made = Installation(tmp_path, fresh_database())
    yield made
    made.stop()


def _check_once(url: str) -> None:
    """Each message was sent, taken, and came back at most once; only a hard bounce suppresses its address."""
    rows = _ask(url, "SELECT message_id, type, count(*) FROM interaction GROUP BY 1, 2 HAVING count(*) > 1")
    assert rows == []
    counts = dict(_ask(url, "SELECT type, count(*) FROM interaction GROUP BY 1"))
    assert counts == {
        "EmailSent": 5,
        "EmailDelivered": 5,
        "EmailHardRemoteBounced": 1,
        "EmailSoftRemoteBounced": 3,
    }
    assert _ask(url, "SELECT key, cause FROM suppression") == [(MISSING, "hard_bounce")]


def test_postfixs_own_bounces_come_back_through_the_listener(installation: Installation) -> None:
    url, port = installation.database_url, free_port()
    with running_postfix(port) as postfix:
        installation.settings |= {
            "SENET_SMTP_URL": f"smtp://127.0.0.1:{postfix.port}?tls=none",
            "SENET_BOUNCE_DOMAIN": LISTENED,
            "SENET_BOUNCE_LISTEN": f"lmtp://127.0.0.1:{port}",
        }
        installation.start("bounces")
        _queue(installation, list(EXPECTED))
        installation.start("sender")
        wait_for(
            lambda: _outcomes(url) == EXPECTED,
            seconds=60,
            what=f"{_outcomes(url)} {postfix.log()} {installation.log_of('bounces')}",
        )
        (mail,) = wait_for(lambda: postfix.mails_of("ada"), seconds=20, what="the good mail is in its mailbox")
        assert b"Return-Path: <b-" in mail
        installation.processes["sender"].terminate()
        installation.processes["sender"].wait(20)
        _check_once(url)


def test_a_listener_that_is_killed_loses_no_bounce(installation: Installation) -> None:
    url, port = installation.database_url, free_port()
    people = [f"nobody{number}@good.example" for number in range(60)]
    with running_postfix(port, lifetime="1d") as postfix:
        installation.settings |= {
            "SENET_SMTP_URL": f"smtp://127.0.0.1:{postfix.port}?tls=none",
            "SENET_BOUNCE_DOMAIN": LISTENED,
            "SENET_BOUNCE_LISTEN": f"lmtp://127.0.0.1:{port}",
        }
        _queue(installation, people)
        installation.start("bounces")
        installation.start("sender")

        def bounced() -> int:
            return sum(state == "hard_bounced" for state, _ in _outcomes(url).values())

        for least in (1, 15, 30):
            wait_for(lambda least=least: bounced() >= least, seconds=60, what=installation.log_of("bounces"))  # type: ignore[misc]  # a default binds it
            installation.kill("bounces")
            installation.start("bounces")
        wait_for(lambda: bounced() == len(people), seconds=90, what=f"{postfix.log()}{installation.log_of('bounces')}")
    rows = _ask(  # one that comes back before its sender has written down that it was taken counts as refused at once
        url,
        "SELECT count(*), count(DISTINCT message_id) FROM interaction"
        " WHERE type IN ('EmailHardRemoteBounced', 'EmailHardBounced')",
    )
    assert rows == [(60, 60)]


def test_postfixs_own_bounces_are_fetched_from_a_mailbox(installation: Installation) -> None:
    url = installation.database_url
    with running_postfix() as postfix, running_dovecot(postfix.folder / "mailboxes" / "returns") as imap_port:
        installation.settings |= {
            "SENET_SMTP_URL": f"smtp://127.0.0.1:{postfix.port}?tls=none",
            "SENET_BOUNCE_DOMAIN": FETCHED,
            "SENET_BOUNCE_IMAP": f"imap://{USER}:{PASSWORD}@127.0.0.1:{imap_port}/INBOX?tls=none",
        }
        _queue(installation, list(EXPECTED))
        installation.start("sender")
        wait_for(lambda: len(postfix.mails_of("returns")) == 4, seconds=60, what=postfix.log())
        installation.start("bounces")
        wait_for(lambda: _outcomes(url) == EXPECTED, seconds=60, what=installation.log_of("bounces"))
        returns = postfix.folder / "mailboxes" / "returns"
        wait_for(
            lambda: not [*(returns / "new").iterdir(), *(returns / "cur").iterdir()],
            seconds=20,
            what="what was read is removed",
        )
        _check_once(url)
    rows = _ask(url, "SELECT DISTINCT source, kind, counted FROM returned_mail")
    assert rows == [("imap", "bounce", True)]
