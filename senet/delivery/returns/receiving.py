"""Writes down what a mail says, once, in one transaction: whoever brought it may acknowledge it afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from senet.delivery.bounces import Bounce, classify
from senet.delivery.errors import TooManyKept
from senet.delivery.models import ReturnedMail
from senet.delivery.retry import BOUNCE_EVENTS
from senet.delivery.returns.reading import read_report
from senet.delivery.returns.values import KEPT, Kind, Report
from senet.messages.actions import find_message, record_results
from senet.messages.suppression import record_complaints
from senet.messages.values import Result

log = structlog.get_logger(__name__)

REMEMBERED_FOR = timedelta(days=90)
MOST_KEPT = 10_000  # mails that nobody could read; beyond it no more are taken until somebody has looked
KEPT_BYTES = 256 * 1024
_NOBODY = 0  # reports from outside hold no claim


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a mail. `new` is False for one that had come before."""

    kind: Kind
    message_id: int | None
    counted: bool
    new: bool


def receive(raw: bytes, *, envelope_to: str = "", source: str, now: datetime) -> Receipt:
    """Take a mail that came back. It is written down when this returns, and the same mail counts once.

    Raises: TooManyKept when it is unreadable and so many wait to be looked at that no more are kept.
    """
    report = read_report(raw, envelope_to=envelope_to)
    digest = hashlib.sha256(envelope_to.lower().encode() + b"\0" + raw).digest()
    receipt = take_report(report, digest=digest, raw=raw, source=source, now=now)
    log.info("mail_returned", kind=receipt.kind.value, counted=receipt.counted, new=receipt.new, source=source)
    return receipt


@transaction.atomic
def take_report(report: Report, *, digest: bytes, raw: bytes | None = None, source: str, now: datetime) -> Receipt:
    """Write a report down and let it have its consequences, unless it has been here before."""
    report = _check_message(report)
    bounce = classify(report.outcome) if report.outcome is not None else None
    kept = raw[:KEPT_BYTES] if report.kind in KEPT and raw is not None else None
    mail, is_new = ReturnedMail.objects.get_or_create(
        digest=digest,
        defaults={
            "received_at": now,
            "source": source,
            "kind": report.kind.value,
            "message_id": report.message_id,
            "counted": False,
            "reason": report.reason,
            **_describe(report, bounce),
            "raw": kept,
        },
    )
    if not is_new:
        return Receipt(Kind(mail.kind), mail.message_id, counted=False, new=False)
    if kept is not None and ReturnedMail.objects.filter(raw__isnull=False).count() > MOST_KEPT:
        raise TooManyKept
    counted = _apply(report, bounce, now)
    if counted:
        ReturnedMail.objects.filter(pk=mail.pk).update(counted=True)
    return Receipt(report.kind, report.message_id, counted=counted, new=True)


def _check_message(report: Report) -> Report:
    if report.message_id is None or find_message(report.message_id) is not None:
        return report
    kind = Kind.UNKNOWN_MESSAGE if report.kind in {Kind.BOUNCE, Kind.COMPLAINT} else report.kind
    return replace(report, kind=kind, message_id=None, reason=f"Its message is gone. {report.reason}".strip())


def _describe(report: Report, bounce: Bounce | None) -> dict[str, str]:
    if bounce is None or report.outcome is None:
        return {"rule": report.rule.value}
    return {
        "rule": report.rule.value,
        "bounce_class": bounce.bounce_class.value,
        "category": bounce.category.value,
        "category_rule": bounce.rule.value,
        "smtp_enhanced": report.outcome.enhanced,
    }


def _apply(report: Report, bounce: Bounce | None, now: datetime) -> bool:
    if report.message_id is None:
        return False
    if report.kind is Kind.COMPLAINT:
        return record_complaints([report.message_id], reason=report.reason, now=now) > 0
    if report.kind is not Kind.BOUNCE or report.outcome is None or bounce is None:
        return False
    result = Result(
        report.message_id,
        BOUNCE_EVENTS[bounce.bounce_class],
        reason=report.outcome.text or report.reason,
        smtp_code=report.outcome.code or None,
        smtp_enhanced=report.outcome.enhanced or None,
        bounce_category=bounce.category.value,
    )
    return record_results([result], sender=_NOBODY, now=now) > 0


def forget_returned(now: datetime) -> int:
    """Forget mails that were read and are old; those that nobody could read stay until somebody removes them."""
    old = ReturnedMail.objects.filter(received_at__lt=now - REMEMBERED_FOR, raw__isnull=True)
    return old.delete()[0]
