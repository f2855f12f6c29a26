"""Reads abuse reports (ARF, RFC 5965 with the types of RFC 6430 and 6591): somebody called a message spam."""

from __future__ import annotations

from email.message import Message

from senet.delivery.returns.values import Kind, Report, ReturnRule, clean_text

_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list", "other", "miscategorized"})


def read_arf(feedback: Message, message_id: int | None) -> Report:
    """Return what a message/feedback-report part says."""
    fields = feedback.get_payload()
    inner = fields[0] if isinstance(fields, list) and fields and isinstance(fields[0], Message) else feedback
    kind = clean_text(str(inner["Feedback-Type"] or ""), most=40).lower()
    if not kind:
        reason = "The feedback report does not say its type."
        return Report(Kind.UNREADABLE, message_id, reason=reason, rule=ReturnRule.FEEDBACK_REPORT)
    if kind not in _COMPLAINTS:
        reason = f"Feedback of the type {kind}."
        return Report(Kind.OTHER_REPORT, message_id, reason=reason, rule=ReturnRule.FEEDBACK_REPORT)
    agent = clean_text(str(inner["User-Agent"] or ""), most=100)
    reason = f"{kind}, reported by {agent}" if agent else kind
    return Report(Kind.COMPLAINT, message_id, reason=reason, rule=ReturnRule.FEEDBACK_REPORT)
