"""What a mail that came back says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from senet.delivery.values import Outcome


class Kind(StrEnum):
    """What sort of mail came back."""

    BOUNCE = "bounce"  # the message did not arrive
    COMPLAINT = "complaint"  # its recipient calls it spam
    DELAY = "delay"  # a server still tries
    RECEIPT = "receipt"  # it has arrived, or was passed on
    AUTO_REPLY = "auto_reply"  # out of office, and the like
    OTHER_REPORT = "other_report"  # of a kind that has no consequences here, such as “not spam”
    UNKNOWN_MESSAGE = "unknown_message"  # a report, and not of a message of ours
    UNREADABLE = "unreadable"  # nobody can tell


class ReturnRule(StrEnum):
    """What told the kind of a mail that came back."""

    DELIVERY_STATUS = "delivery_status"  # a report in its standard form (RFC 3464)
    FEEDBACK_REPORT = "feedback_report"  # a complaint in its standard form (RFC 5965)
    AUTOMATIC = "automatic"  # header fields or a subject that only automatic replies have
    OLD_FORM = "old_form"  # a form from before the standards
    FAILED_RECIPIENTS = "failed_recipients"  # the header field X-Failed-Recipients
    WEBHOOK = "webhook"  # a provider told it
    NOT_OURS = "not_ours"  # a report that names no message of ours
    LIMITS = "limits"  # too many parts or hops to be read
    BROKEN = "broken"  # its parts cannot be told apart
    NONE = "none"  # no rule fits


KEPT = frozenset({Kind.UNKNOWN_MESSAGE, Kind.UNREADABLE})  # kept aside whole, for a person to look at


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail says. `message_id` is None when it names no message of ours; `outcome` is a bounce's refusal."""

    kind: Kind
    message_id: int | None = None
    outcome: Outcome | None = None
    reason: str = ""
    rule: ReturnRule = field(default=ReturnRule.NONE, compare=False)


def clean_text(text: str, most: int = 500) -> str:
    """Return a stranger's words on one line, bounded and free of control characters."""
    shown = "".join(character if character.isprintable() else " " for character in text[: 4 * most])
    return " ".join(shown.split())[:most]
