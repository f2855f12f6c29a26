"""What a server's refusal means: hard, soft or block bounce, and one of sixteen categories.

The enhanced status code (RFC 3463 and its registry) decides; the server's words decide where the code leaves it open;
the plain code decides last. Only an address that does not exist is hard.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from senet.delivery.values import Outcome, Stage


class BounceClass(StrEnum):
    """How a bounce counts."""

    HARD = "hard"
    SOFT = "soft"
    BLOCK = "block"


class Category(StrEnum):
    """Why a message bounced."""

    INVALID_MAILBOX = "invalid-mailbox"
    INVALID_DOMAIN = "invalid-domain"
    INACTIVE_MAILBOX = "inactive-mailbox"
    FULL_MAILBOX = "full-mailbox"
    DMARC = "dmarc-issues"
    REPUTATION = "reputation-issues"
    GREYLISTING = "greylisting-issues"
    BLOCKLISTING = "blocklisting-issues"
    RELAYING = "relaying-issues"
    ROUTING = "routing-issues"
    SERVER_ERROR = "recipient-server-error"
    CONNECTION = "connection-error"
    POLICY = "policy-related"
    EXPIRED = "message-expired"
    SUPPRESSED = "suppression-list"
    OTHER = "other"


_CLASSES = {
    Category.INVALID_MAILBOX: BounceClass.HARD,
    Category.INVALID_DOMAIN: BounceClass.HARD,
    Category.INACTIVE_MAILBOX: BounceClass.SOFT,
    Category.FULL_MAILBOX: BounceClass.SOFT,
    Category.GREYLISTING: BounceClass.SOFT,
    Category.ROUTING: BounceClass.SOFT,
    Category.SERVER_ERROR: BounceClass.SOFT,
    Category.CONNECTION: BounceClass.SOFT,
    Category.EXPIRED: BounceClass.SOFT,
}  # the rest: block

_BY_DETAIL = {  # subject.detail of the enhanced code
    "1.0": Category.INVALID_MAILBOX,
    "1.1": Category.INVALID_MAILBOX,
    "1.2": Category.INVALID_DOMAIN,
    "1.3": Category.INVALID_MAILBOX,
    "1.4": Category.INVALID_MAILBOX,
    "1.6": Category.INVALID_MAILBOX,
    "1.7": Category.POLICY,  # the sender's address
    "1.8": Category.POLICY,
    "1.9": Category.RELAYING,
    "1.10": Category.INVALID_DOMAIN,  # null MX
    "2.1": Category.INACTIVE_MAILBOX,
    "2.2": Category.FULL_MAILBOX,
    "2.3": Category.POLICY,
    "2.4": Category.ROUTING,
    "3.4": Category.POLICY,
    "4.1": Category.CONNECTION,
    "4.2": Category.CONNECTION,
    "4.7": Category.EXPIRED,
    "7.20": Category.DMARC,
    "7.21": Category.DMARC,
    "7.22": Category.DMARC,
    "7.23": Category.DMARC,
    "7.24": Category.DMARC,
    "7.26": Category.DMARC,
    "7.27": Category.POLICY,
    "7.29": Category.DMARC,
    "7.509": Category.DMARC,
}
_BY_SUBJECT = {
    "2": Category.SERVER_ERROR,
    "3": Category.SERVER_ERROR,
    "4": Category.ROUTING,
    "5": Category.SERVER_ERROR,
    "6": Category.POLICY,
    "7": Category.POLICY,
}
_STATE = r"(inactive|disabled|suspended|deactivated)"
_HOLDER = r"(account|mailbox|user|recipient)"
_NOBODY = (
    r"mailbox unavailable|doesn.t have an? .{1,60} account|not listed in|recip\w* ?not ?found|no matches to"
    r"|(user|mailbox|recipient|address|account|person).{0,40}"
    r"(unknown|not (found|known|recogni[sz]ed)|does ?n.t exist|does not exist|no longer|not exist|not a valid)"
    r"|(unknown|invalid|no such|nonexistent|\bno\b|illegal|not an? valid).{0,12}"
    r"(user|mailbox|recipient|address|account|person)"
    r"|n.existe pas|unbekannt|inconnue?\b|no existe\b|desconocid|non esiste|sconosciut|onbekend|не существует"
)
_FULL = (
    r"(mailbox|quota|inbox|storage|folder).{0,40}(full|exceed|over|violat)|out of storage"
    r"|(over|exceed|reach)\w*.{0,20}quota"
)
_WORDS = [
    (category, re.compile(pattern, re.IGNORECASE))
    for category, pattern in (
        (Category.GREYLISTING, r"gr[ae]y.?list"),
        (Category.DMARC, r"\b(dmarc|dkim|spf)\b"),
        (Category.BLOCKLISTING, r"block.?list|black.?list|spamhaus|dnsbl|\brbls?\b|barracuda|spamcop"),
        (Category.REPUTATION, r"reputation|unsolicited|\bspam|bulk mail|low.{0,10}trust"),
        (Category.RELAYING, r"\brelay(ing)?\b(?!=)"),
        (
            Category.FULL_MAILBOX,
            _FULL,
        ),
        (Category.INACTIVE_MAILBOX, f"{_STATE}.{{0,30}}{_HOLDER}|{_HOLDER}.{{0,30}}{_STATE}"),
        (
            Category.EXPIRED,
            r"(in the|allowed) queue|not been collected|retry time|attempts?: |aborted after|maximum.time|expired",
        ),
        (Category.ROUTING, r"too many hops|hop count|loop(ing|ed)?\b|mail loop"),
        (
            Category.INVALID_DOMAIN,
            r"(domain|host)\b.{0,30}(not found|does not exist|unknown|invalid)|unrouteable|null ?mx",
        ),
        (Category.INVALID_MAILBOX, _NOBODY),
    )
]
_AMBIGUOUS = frozenset(
    {"", "0.0", "1.0", "1.10", "3.0", "4.4", "5.0", "7.0", "7.1"}
)  # codes behind which servers mean all sorts of things
_BY_CODE = {
    421: Category.CONNECTION,
    450: Category.SERVER_ERROR,
    451: Category.SERVER_ERROR,
    452: Category.SERVER_ERROR,
    501: Category.INVALID_MAILBOX,
    551: Category.INVALID_MAILBOX,
    552: Category.FULL_MAILBOX,
    553: Category.INVALID_MAILBOX,
}


class BounceRule(StrEnum):
    """What decided the category of a bounce."""

    ENHANCED_CODE = "enhanced_code"
    WORDS = "words"
    REPLY_CODE = "reply_code"


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a refusal means, and what it was told by."""

    bounce_class: BounceClass
    category: Category
    rule: BounceRule = field(default=BounceRule.REPLY_CODE, compare=False)


def classify(outcome: Outcome) -> Bounce:
    """Return what a refusal means. One that the server calls temporary is never a hard bounce."""
    category, rule = _categorise(outcome)
    bounce_class = _CLASSES.get(category, BounceClass.BLOCK)
    if bounce_class is BounceClass.HARD and (outcome.is_temporary or outcome.stage is Stage.MAIL):
        bounce_class = BounceClass.SOFT if outcome.is_temporary else BounceClass.BLOCK
    return Bounce(bounce_class, category, rule)


def find_reason(text: str) -> int | None:
    """Return where in a text the first words stand that say why something bounced."""
    found = (match for _, pattern in _WORDS if (match := pattern.search(text)))
    return min((match.start() for match in found), default=None)


def _categorise(outcome: Outcome) -> tuple[Category, BounceRule]:
    detail = outcome.enhanced.partition(".")[2]
    is_open = detail in _AMBIGUOUS or (outcome.enhanced.startswith("4.") and detail.startswith("7."))
    if is_open and (found := _by_words(outcome)) is not None:
        return found, BounceRule.WORDS
    if (told := _by_enhanced(detail)) is not None:
        return told, BounceRule.ENHANCED_CODE
    return _by_code(outcome), BounceRule.REPLY_CODE


def _by_enhanced(detail: str) -> Category | None:
    if detail in _BY_DETAIL:
        return _BY_DETAIL[detail]
    subject = detail.partition(".")[0]
    return Category.INVALID_MAILBOX if subject == "1" else _BY_SUBJECT.get(subject)


def _by_code(outcome: Outcome) -> Category:
    if outcome.stage is Stage.MAIL:
        return Category.POLICY
    if outcome.code == 550:
        return Category.INVALID_MAILBOX if outcome.stage is Stage.RCPT else Category.POLICY
    return _BY_CODE.get(outcome.code, Category.OTHER)


def _by_words(outcome: Outcome) -> Category | None:
    """Read the words; what is said of the sender says nothing of the recipient's mailbox."""
    for category, pattern in _WORDS:
        if pattern.search(outcome.text):
            return None if outcome.stage is Stage.MAIL and category is Category.INVALID_MAILBOX else category
    return None
