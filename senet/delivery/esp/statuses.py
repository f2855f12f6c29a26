"""What a provider says of a bounce in words of its own, as an enhanced status code (RFC 3463).

The receiving server's own words decide where a webhook has them; these codes stand in where it has not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from senet.delivery.esp.values import as_mapping, as_text

_AMAZON = {  # bounceType, bounceSubType: Amazon SES, and Resend, which sends through it
    ("permanent", "general"): "5.1.0",
    ("permanent", "noemail"): "5.1.1",
    ("permanent", "suppressed"): "5.1.1",
    ("permanent", "onaccountsuppressionlist"): "5.1.1",
    ("transient", "mailboxfull"): "4.2.2",
    ("transient", "messagetoolarge"): "4.3.4",
    ("transient", "contentrejected"): "4.6.0",
    ("transient", "attachmentrejected"): "4.6.0",
}
_SENDGRID = {  # bounce_classification
    "invalid address": "5.1.1",
    "mailbox unavailable": "5.2.1",
    "reputation": "5.7.0",
    "content": "5.6.0",
    "frequency or volume too high": "4.7.0",
    "technical": "5.4.0",
}
_MANDRILL = {  # bounce_description
    "bad_mailbox": "5.1.1",
    "invalid_domain": "5.1.2",
    "inactive_mailbox": "5.2.1",
    "mailbox_full": "4.2.2",
    "message_too_large": "5.3.4",
    "spam_related": "5.7.0",
    "policy_related": "5.7.0",
}


def find_status(kind: str, event: object, recipient: str) -> str:
    """Return the code that a provider's event amounts to, or an empty text."""
    find = _FINDERS.get(kind)
    return find(as_mapping(event), recipient) if find else ""


def _find_ses(event: Mapping[str, Any], recipient: str) -> str:
    bounce = as_mapping(event.get("bounce"))
    recipients = bounce.get("bouncedRecipients")
    for one in recipients if isinstance(recipients, list) else []:
        fields = as_mapping(one)
        if as_text(fields.get("emailAddress")) == recipient and (status := as_text(fields.get("status"))):
            return status
    return _find_amazon(as_text(bounce.get("bounceType")), as_text(bounce.get("bounceSubType")))


def _find_resend(event: Mapping[str, Any], _recipient: str) -> str:
    bounce = as_mapping(as_mapping(event.get("data")).get("bounce"))
    return _find_amazon(as_text(bounce.get("type")), as_text(bounce.get("subType")))


def _find_amazon(kind: str, detail: str) -> str:
    if not kind:
        return ""
    usual = "5.1.0" if kind.lower() == "permanent" else "4.0.0"
    return _AMAZON.get((kind.lower(), detail.lower()), usual)


def _find_sendgrid(event: Mapping[str, Any], _recipient: str) -> str:
    found = _SENDGRID.get(as_text(event.get("bounce_classification")).lower(), "")
    if event.get("event") == "dropped":
        return "5.1.1" if as_text(event.get("reason")).lower() == "bounced address" else found
    status = as_text(event.get("status"))
    if status and not status.endswith(".0.0"):
        return status
    return found or ("5.1.0" if event.get("type") == "bounce" else status)


def _find_mandrill(event: Mapping[str, Any], _recipient: str) -> str:
    described = as_text(as_mapping(event.get("msg")).get("bounce_description")).lower()
    usual = {"hard_bounce": "5.1.0", "soft_bounce": "4.0.0"}.get(as_text(event.get("event")), "")
    return _MANDRILL.get(described, usual)


_FINDERS: Mapping[str, Callable[[Mapping[str, Any], str], str]] = {
    "ses": _find_ses,
    "resend": _find_resend,
    "sendgrid": _find_sendgrid,
    "mandrill": _find_mandrill,
}
