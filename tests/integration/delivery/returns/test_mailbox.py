"""The poller against a real Dovecot: a mail leaves the mailbox only when it is on disk, and comes twice at no cost."""

from __future__ import annotations

import imaplib
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from senet.delivery.errors import MailboxFailed, MailboxUrlInvalid
from senet.delivery.models import ReturnedMail
from senet.delivery.returns import imap as imap_module
from senet.delivery.returns import receiving
from senet.delivery.returns.imap import MailboxSettings, poll_mailbox, read_mailbox_url
from tests.support.mail_servers import PASSWORD, USER, running_dovecot
from tests.support.messages import NOW
from tests.support.returns import make_auto_reply, make_dsn

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A Dovecot with an empty mailbox."""
    folder = Path(tempfile.mkdtemp(prefix="senet-maildir-"))
    folder.chmod(0o755)
    shutil.chown(folder, pwd.getpwnam("nobody").pw_uid)
    with running_dovecot(folder / "mail") as found:
        yield found
    shutil.rmtree(folder)


@pytest.fixture
def mailbox(port: int) -> Iterator[imaplib.IMAP4]:
    """A session in the mailbox, which is empty before and afterwards."""
    with imaplib.IMAP4("127.0.0.1", port, timeout=20) as session:
        session.login(USER, PASSWORD)
        yield session
        if _count(session):
            session.store("1:*", "+FLAGS", r"(\Deleted)")
            session.expunge()


def _settings(port: int, **changes: str) -> MailboxSettings:
    return MailboxSettings("127.0.0.1", port, USER, PASSWORD, tls="none", **changes)


def _count(mailbox: imaplib.IMAP4, folder: str = "INBOX") -> int:
    return int(mailbox.select(folder)[1][0] or b"0")


def _put(mailbox: imaplib.IMAP4, *mails: bytes) -> None:
    for mail in mails:
        assert mailbox.append("INBOX", "", "", mail)[0] == "OK"


@pytest.mark.mail_servers
def test_what_was_read_is_removed_and_the_rest_comes_next_time(
    mailbox: imaplib.IMAP4, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_module, "_BATCH", 2)
    _put(mailbox, make_dsn(), make_auto_reply(), b"Subject: ?\r\n\r\n" + b"x" * 3_000_000)
    assert poll_mailbox(_settings(port), NOW) == 2
    assert poll_mailbox(_settings(port), NOW) == 1
    assert poll_mailbox(_settings(port), NOW) == 0
    assert _count(mailbox) == 0
    assert sorted(ReturnedMail.objects.values_list("kind", flat=True)) == [
        "auto_reply",
        "unknown_message",
        "unreadable",
    ]


@pytest.mark.mail_servers
def test_read_mails_go_to_another_folder_where_one_is_named(mailbox: imaplib.IMAP4, port: int) -> None:
    mailbox.create("Read")
    _put(mailbox, make_auto_reply())
    assert poll_mailbox(_settings(port, done="Read"), NOW) == 1
    assert (_count(mailbox), _count(mailbox, "Read")) == (0, 1)


@pytest.mark.mail_servers
def test_a_mail_that_was_written_down_and_not_removed_counts_once(
    mailbox: imaplib.IMAP4, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(mailbox, make_auto_reply())
    with monkeypatch.context() as dying:
        dying.setattr(imap_module, "_put_away", lambda *_: None)
        poll_mailbox(_settings(port), NOW)
    assert _count(mailbox) == 1
    poll_mailbox(_settings(port), NOW)
    assert _count(mailbox) == 0
    assert ReturnedMail.objects.count() == 1


@pytest.mark.mail_servers
def test_what_cannot_be_kept_stays_in_the_mailbox(
    mailbox: imaplib.IMAP4, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_KEPT", 1)
    _put(mailbox, b"Subject: a\r\n\r\nx", b"Subject: b\r\n\r\nx")
    with pytest.raises(MailboxFailed, match="wait to be looked at"):
        poll_mailbox(_settings(port), NOW)
    assert _count(mailbox) == 1
    assert ReturnedMail.objects.count() == 1


@pytest.mark.mail_servers
def test_a_wrong_password_or_folder_is_told_in_a_sentence(port: int) -> None:
    wrong = MailboxSettings("127.0.0.1", port, USER, "nonsense", tls="none")
    with pytest.raises(MailboxFailed, match="cannot be read"):
        poll_mailbox(wrong, NOW)
    with pytest.raises(MailboxFailed, match="no folder Nowhere"):
        poll_mailbox(_settings(port, folder="Nowhere"), NOW)


def test_a_mailbox_that_nobody_serves_is_told_in_a_sentence() -> None:
    with pytest.raises(MailboxFailed, match=r"127\.0\.0\.1"):
        poll_mailbox(MailboxSettings("127.0.0.1", 1, USER, PASSWORD, tls="none"), NOW)


def test_an_address_of_a_mailbox_is_read_and_its_password_never_shown() -> None:
    found = read_mailbox_url("imaps://a%40b:p%2Fw@mail.example/Bounces?done=Read")
    assert (found.host, found.port, found.user, found.password) == ("mail.example", 993, "a@b", "p/w")
    assert (found.folder, found.done, found.tls) == ("Bounces", "Read", "tls")
    assert "p/w" not in repr(found)
    assert read_mailbox_url("imap://a:b@mail.example").port == 143


@pytest.mark.parametrize(
    "url",
    [
        "",
        "imap://",
        "http://a:b@x",
        "imap://host/INBOX",
        "imaps://a:b@x:y",
        "imaps://a:b@x/?odd=1",
        "imaps://a:b@x/%22%0d%0a",
    ],
)
def test_an_address_of_no_mailbox_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(MailboxUrlInvalid, match="SENET_BOUNCE_IMAP"):
        read_mailbox_url(url)
