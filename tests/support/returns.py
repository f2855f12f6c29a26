"""Mails that came back, in the forms that servers give them."""

from __future__ import annotations

from senet.delivery.returns.paths import write_return_path
from senet.shared.tokens import LinkToken, sign_link

DOMAIN = "bounces.shop.example"


def return_path(message_id: int) -> str:
    """Where a message's bounces go."""
    return write_return_path(message_id, DOMAIN)


def original_headers(message_id: int, *, to: str = "ada@example.com") -> str:
    """The header fields of one of our messages."""
    token = sign_link(LinkToken(message_id, 1, 0), purpose="message-id")
    leave = sign_link(LinkToken(message_id, 1, 0), purpose="unsubscribe")
    return (
        f"From: Shop <news@shop.example>\r\nTo: {to}\r\nSubject: Spring is here\r\n"
        f"Message-ID: <{token}@shop.example>\r\nList-Unsubscribe: <https://door.shop.example/u/{leave}>\r\n"
    )


def make_dsn(
    *,
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown",
    action: str = "failed",
    original: str = "",
    original_type: str = "text/rfc822-headers",
    to: str = "",
) -> bytes:
    """A delivery status notification (RFC 3464)."""
    fields = f"Final-Recipient: rfc822; ada@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
    if diagnostic:
        fields += f"Diagnostic-Code: {diagnostic}\r\n"
    return (
        f"From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\r\nTo: {to or return_path(7)}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="part"\r\n\r\n'
        "--part\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nYour message could not be delivered.\r\n\r\n"
        "--part\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example.com\r\nArrival-Date: Sun, 1 Mar 2026 10:00:00 +0000\r\n\r\n{fields}\r\n"
        f"--part\r\nContent-Type: {original_type}\r\n\r\n{original}\r\n--part--\r\n"
    ).encode()


def make_arf(message_id: int | None, *, feedback: str = "abuse", original_type: str = "message/rfc822") -> bytes:
    """An abuse report (RFC 5965), as mailbox providers send it: the recipient is blacked out."""
    original = original_headers(message_id, to="redacted@example.com") if message_id else "Subject: Something else\r\n"
    return (
        "From: Feedback <fbl@mailbox.example>\r\nTo: fbl@bounces.shop.example\r\nSubject: FW: Spring is here\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="arf"\r\n\r\n'
        "--arf\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n\r\n"
        "--arf\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {feedback}\r\nUser-Agent: MailboxProvider/2.0\r\nVersion: 1\r\n"
        "Original-Mail-From: <b-x@bounces.shop.example>\r\nArrival-Date: Sun, 1 Mar 2026 10:00:00 +0000\r\n\r\n"
        f"--arf\r\nContent-Type: {original_type}\r\n\r\n{original}\r\nHello\r\n\r\n--arf--\r\n"
    ).encode()


def make_auto_reply(*, subject: str = "Out of office: Spring is here", **fields: str) -> bytes:
    """Somebody is away."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return (
        f"From: ada@example.com\r\nTo: {return_path(7)}\r\nSubject: {subject}\r\n{more}\r\n"
        "I am away until Monday and will answer then.\r\n"
    ).encode()
