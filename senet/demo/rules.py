"""Which recipients the mailbox refuses, and how: the demo's bounces, and the trouble that tests ask for.

A rule is picked by the word after the plus sign: `ada+bounce@example.org` does not exist, `ada+full@example.org` has a
full mailbox. The rest of the world takes every mail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """What to answer when a recipient's address holds a match of `pattern`.

    `times` is how often a recipient is refused before being taken (0: always). `at_data` refuses after the text
    instead of at RCPT. `hang_up` ends the connection, with or without a reply.
    """

    pattern: str
    reply: bytes = b""
    times: int = 0
    at_data: bool = False
    hang_up: bool = False


DEFAULT_RULES: Sequence[Rule] = (
    Rule(r"\+bounce@", b"550 5.1.1 No such person here"),
    Rule(r"\+full@", b"552 5.2.2 Mailbox is full"),
    Rule(r"\+blocked@", b"554 5.7.1 Your mail is not wanted here", at_data=True),
    Rule(r"\+greylist@", b"451 4.7.1 Greylisted, try again", times=1),
    Rule(r"\+busy@", b"451 4.3.2 Try again later"),
    Rule(r"\+hangup@", at_data=True, hang_up=True, times=1),
)
_MAX_REMEMBERED = 100_000


class Rules:
    """Finds the rule for a recipient. One scan of the address when nothing matches."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [(re.compile(rule.pattern, re.IGNORECASE), rule) for rule in rules]
        self._any = re.compile("|".join(f"(?:{rule.pattern})" for rule in rules), re.IGNORECASE) if rules else None
        self._refusals: dict[str, int] = {}

    def find(self, recipient: str) -> Rule | None:
        """Return the rule that refuses this recipient now, or None when the mail is welcome."""
        if self._any is None or self._any.search(recipient) is None:
            return None
        rule = next(rule for pattern, rule in self._rules if pattern.search(recipient))
        return None if rule.times and self._has_been_refused(recipient, rule) else rule

    def note(self, recipient: str) -> None:
        """Remember that a recipient was refused once more."""
        if len(self._refusals) >= _MAX_REMEMBERED:
            self._refusals.clear()
        self._refusals[recipient] = self._refusals.get(recipient, 0) + 1

    def _has_been_refused(self, recipient: str, rule: Rule) -> bool:
        return self._refusals.get(recipient, 0) >= rule.times
