"""A refusal is read from its code, then its words: hard, soft or block, and a category."""

from __future__ import annotations

import pytest

from senet.delivery.bounces import BounceClass, Category, classify
from senet.delivery.values import Outcome, Stage, Verdict

RCPT, DATA, MAIL = Stage.RCPT, Stage.DATA, Stage.MAIL


@pytest.mark.parametrize(
    ("stage", "code", "enhanced", "text", "category", "bounce_class"),
    [
        (RCPT, 550, "5.1.1", "No such person here", "invalid-mailbox", "hard"),
        (RCPT, 550, "5.1.2", "Bad destination system", "invalid-domain", "hard"),
        (RCPT, 556, "5.1.10", "Null MX", "invalid-domain", "hard"),
        (RCPT, 553, "5.1.3", "Syntax", "invalid-mailbox", "hard"),
        (RCPT, 550, "5.2.1", "Mailbox disabled", "inactive-mailbox", "soft"),
        (RCPT, 552, "5.2.2", "Mailbox is full", "full-mailbox", "soft"),
        (RCPT, 452, "4.2.2", "Over quota", "full-mailbox", "soft"),
        (RCPT, 451, "4.7.1", "Greylisted, try again", "greylisting-issues", "soft"),
        (DATA, 451, "4.3.2", "Try again later", "recipient-server-error", "soft"),
        (DATA, 554, "5.3.4", "Message too big", "policy-related", "block"),
        (RCPT, 450, "4.4.1", "No answer from host", "connection-error", "soft"),
        (DATA, 554, "5.4.7", "Expired in the queue", "message-expired", "soft"),
        (DATA, 554, "5.4.6", "Routing loop", "routing-issues", "soft"),
        (RCPT, 550, "5.7.1", "Relaying denied", "relaying-issues", "block"),
        (RCPT, 554, "5.7.1", "Client host blocked using zen.spamhaus.org", "blocklisting-issues", "block"),
        (DATA, 550, "5.7.1", "Message looks like spam", "reputation-issues", "block"),
        (DATA, 554, "5.7.1", "Your mail is not wanted here", "policy-related", "block"),
        (DATA, 550, "5.7.26", "Unauthenticated mail", "dmarc-issues", "block"),
        (DATA, 550, "5.7.1", "Rejected by the domain's DMARC policy", "dmarc-issues", "block"),
        (DATA, 554, "5.6.0", "Malformed content", "policy-related", "block"),
        (RCPT, 550, "", "User unknown", "invalid-mailbox", "hard"),
        (RCPT, 550, "", "", "invalid-mailbox", "hard"),
        (DATA, 550, "", "", "policy-related", "block"),
        (RCPT, 550, "", "The account is disabled", "inactive-mailbox", "soft"),
        (RCPT, 552, "", "", "full-mailbox", "soft"),
        (DATA, 554, "", "Transaction failed", "other", "block"),
        (RCPT, 554, "5.7.1", "Recipient address rejected: Access denied", "policy-related", "block"),
        (RCPT, 550, "5.0.0", "Recipient address rejected: unknown user", "invalid-mailbox", "hard"),
        (MAIL, 550, "5.1.1", "Sender unknown", "invalid-mailbox", "block"),
        (MAIL, 550, "", "User unknown", "policy-related", "block"),
        (MAIL, 553, "5.1.8", "Sender domain does not exist", "policy-related", "block"),
        (RCPT, 450, "4.1.1", "User unknown for now", "invalid-mailbox", "soft"),
        (RCPT, 421, "", "Service not available", "connection-error", "soft"),
    ],
)
def test_refusals_are_classified(
    stage: Stage, code: int, *, enhanced: str, text: str, category: str, bounce_class: str
) -> None:
    bounce = classify(Outcome(1, Verdict.REFUSED, stage, code, enhanced, text))
    assert (bounce.category, bounce.bounce_class) == (Category(category), BounceClass(bounce_class))


def test_the_sixteen_categories_are_there() -> None:
    assert len(Category) == 16


@pytest.mark.parametrize("code", range(400, 600))
def test_every_code_means_something_and_a_temporary_one_is_never_hard(code: int) -> None:
    for stage in Stage:
        bounce = classify(Outcome(1, Verdict.REFUSED, stage, code))
        assert code >= 500 or bounce.bounce_class is not BounceClass.HARD


def test_long_words_are_read_in_a_moment() -> None:
    text = ("user " * 100)[:500]
    for _ in range(200):
        classify(Outcome(1, Verdict.REFUSED, RCPT, 550, "5.0.0", text))
