"""Reading what comes back: which message, what it says, and an answer to everything hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senet.delivery.bounces import Category, classify
from senet.delivery.returns.dsn import read_outcome
from senet.delivery.returns.reading import MOST_BYTES, read_report
from senet.delivery.returns.values import Kind
from tests.support.returns import make_arf, make_auto_reply, make_dsn, original_headers, return_path


@pytest.mark.parametrize("original_type", ["text/rfc822-headers", "message/rfc822", "message/rfc822-headers"])
def test_a_report_is_about_the_message_that_it_returns(original_type: str) -> None:
    mail = make_dsn(original=original_headers(42), original_type=original_type, to="postmaster@shop.example")
    assert read_report(mail).message_id == 42


def test_the_return_path_goes_before_what_the_mail_claims() -> None:
    mail = make_dsn(original=original_headers(42), to=return_path(43))
    assert read_report(mail).message_id == 43
    assert read_report(mail, envelope_to=return_path(44)).message_id == 44


def test_a_report_of_several_recipients_is_as_bad_as_the_worst() -> None:
    mail = make_dsn(action="delayed", status="4.2.0", diagnostic="").replace(
        b"\r\n\r\n--part\r\nContent-Type: text/rfc822",
        b"\r\n\r\nFinal-Recipient: rfc822; b@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--part\r\nContent-Type: text/rfc822",
    )
    assert read_report(mail).kind is Kind.BOUNCE


@pytest.mark.parametrize(
    ("status", "diagnostic", "code", "enhanced"),
    [
        ("5.0.0", "smtp; 550 5.1.1 unknown", 550, "5.1.1"),  # the refusing server knows better
        ("5.1.1", "smtp; 550 5.0.0 no", 550, "5.1.1"),  # unless it says nothing
        ("4.4.7", "smtp; 550 4.4.7 expired", 450, "4.4.7"),  # given up after temporary refusals
        ("5.1.1", "", 554, "5.1.1"),
        ("", "smtp; 421 4.7.0 later", 421, "4.7.0"),
        ("", "", 554, ""),
        ("nonsense", "smtp; 192.0.2.1 refused to talk to me: 450 4.7.1 try later", 450, "4.7.1"),
    ],
)
def test_the_codes_are_found_where_servers_write_them(status: str, diagnostic: str, code: int, enhanced: str) -> None:
    outcome = read_outcome(status, diagnostic)
    assert (outcome.code, outcome.enhanced) == (code, enhanced)


def test_a_refusal_at_the_end_of_data_without_a_code_is_about_the_content() -> None:
    outcome = read_outcome("5.0.0", "smtp; 550 Administrative prohibition (in reply to end of DATA command)")
    assert classify(outcome).category is Category.POLICY


def test_a_strangers_words_are_kept_on_one_line_bounded_and_without_control_characters() -> None:
    words = "smtp; 550 5.1.1 <script>alert(1)</script>\x00\x1b[2J\u202e " + "x" * 5000
    outcome = read_report(make_dsn(diagnostic=words)).outcome
    assert outcome is not None
    assert len(outcome.text) <= 500
    assert outcome.text.isprintable()


def test_a_report_of_a_mail_that_is_not_ours_is_kept_aside() -> None:
    forged = make_dsn(to="b-" + "a" * 29 + "@bounces.shop.example")
    report = read_report(forged, envelope_to="b-" + "a" * 29 + "@bounces.shop.example")
    assert (report.kind, report.message_id) == (Kind.UNKNOWN_MESSAGE, None)
    assert "no message of ours" in report.reason
    assert read_report(make_arf(None)).kind is Kind.UNKNOWN_MESSAGE


def test_an_automatic_reply_that_quotes_a_bounce_is_no_bounce() -> None:
    mail = make_auto_reply() + b"> <ada@example.com>:\r\n> 550 5.1.1 User unknown\r\n"
    assert read_report(mail).kind is Kind.AUTO_REPLY


def _nest(depth: int) -> bytes:
    opening = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return b"From: x@example.net\r\nTo: " + return_path(7).encode() + b"\r\n" + opening


_EMPTY_REPORT = (
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\n\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("name", "mail"),
    [
        ("deep multiparts", _nest(5000)),
        ("deep messages", b"Content-Type: message/rfc822\r\n\r\n" * 5000),
        ("many parts", b"Content-Type: a/b; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: a/b\r\n\r\n" * 999),
        ("a loop", b"Received: from a by b\r\n" * 500 + b"Subject: x\r\n\r\nx"),
        ("one long line", b"x" * 3_000_000),
        ("endless header", b"Subject: " + b"x" * 3_000_000),
        ("folded for ever", b"Subject: x\r\n" + b" y\r\n" * 300_000),
        ("nulls", b"\x00" * 100_000),
        ("bad charset", b"Content-Type: text/plain; charset=\xff\xfe\r\n\r\n\xff\xfe"),
        ("unknown charset", b"Subject: =?nonsense?b?AAAA?=\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nx"),
        ("bad base64", b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n====x"),
        ("empty report", _EMPTY_REPORT),
        ("report without boundary", b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nx"),
        ("status as text", b"Content-Type: message/delivery-status\r\n\r\nnot: a status\r\n"),
        ("feedback without a type", b"Content-Type: message/feedback-report\r\n\r\nVersion: 1\r\n"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_whatever_a_stranger_sends_ends_soon_in_a_clear_outcome(name: str, mail: bytes) -> None:
    started = time.process_time()
    report = read_report(mail, envelope_to=return_path(7))
    assert report.kind in {Kind.UNREADABLE, Kind.AUTO_REPLY}, name
    assert report.reason or report.kind is Kind.AUTO_REPLY
    assert time.process_time() - started < 3


_MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("name", "filling"),
    [
        ("zeros", b"\x00"),
        ("letters", b"x"),
        ("8-bit garbage", bytes(range(128, 256)) + b"\r\n"),
        ("lines", b"x\r\n"),
        ("boundaries", b"--b\r\n"),
        ("parts", b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"),
        ("header fields", b"X-A: b\r\n"),
        ("addresses", b"<a@b.example>: 550 5.1.1 unknown\r\n"),
        ("base64", b"QUFB" * 19 + b"\r\n"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_fifty_megabytes_are_read_as_far_as_a_report_goes(name: str, filling: bytes) -> None:
    """What stands in the first megabyte decides; the rest costs neither time nor memory."""
    head = f"To: {return_path(7)}\r\nContent-Type: multipart/mixed; boundary=b\r\n".encode()
    for start in (head + b"\r\n--b\r\n\r\n", head):  # as its text, and as its head
        mail = start + filling * (50 * _MEGABYTE // len(filling))
        started = time.process_time()
        report = read_report(mail, envelope_to=return_path(7))
        assert time.process_time() - started < 3, name
        assert report.message_id == 7
        assert report.kind in {Kind.UNREADABLE, Kind.BOUNCE}
        assert len(report.reason) <= 500


@given(st.binary(max_size=2000))
@settings(max_examples=200)
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    assert read_report(raw).kind in set(Kind)
    assert read_report(b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n" + raw).kind in set(Kind)


def test_a_report_before_a_huge_mail_is_read() -> None:
    mail = make_dsn(original=original_headers(42) + "\r\n" + "x" * (2 * MOST_BYTES), original_type="message/rfc822")
    report = read_report(mail, envelope_to=return_path(42))
    assert (report.kind, report.message_id) == (Kind.BOUNCE, 42)
