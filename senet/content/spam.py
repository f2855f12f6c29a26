"""Estimates how much an email looks like spam, by named rules of our own. No provider's filter works like this.

What decides at large providers is who sends and how people react; a score can only point at what is written. So it is
information, never an error, and every point says which rule gave it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from senet.content.html import scan, unescape_attribute
from senet.content.language.masking import blank_out, find_liquid
from senet.content.links import FILLER, find_anchors
from senet.content.plain_text import make_plain_text
from senet.content.values import EmailSource
from senet.shared.errors import Problem

LOW, HIGH = 40, 80  # below: low; from here on: high
_SHORTENERS = frozenset(
    {"bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rebrand.ly", "cutt.ly"}
)
_FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "yahoo.com", "hotmail.com", "outlook.com", "live.com", "aol.com", "icloud.com",
    "gmx.de", "gmx.net", "web.de", "mail.ru", "proton.me",
})  # fmt: skip
_PHRASES = re.compile(
    r"\b(?:100 ?% free|act now|urgent response|click here now|congratulations,? you|double your (?:income|money)"
    r"|earn (?:extra )?(?:cash|money)|free money|guaranteed (?:income|winner)|make money fast|no obligation"
    r"|once in a lifetime|risk[- ]free|this is not spam|viagra|you have been selected|you(?:'|’)?ve won|winner!)",
    re.IGNORECASE,
)
_HOST_IN_TEXT = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,12})(?:/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Letter:
    """What the rules look at."""

    subject: str
    from_address: str
    html: str
    text: str
    links: tuple[tuple[str, str], ...]  # host, label


@dataclass(frozen=True, slots=True)
class Reason:
    """What gave points."""

    points: int
    sentence: str


@dataclass(frozen=True, slots=True)
class SpamScore:
    """A score from 0 to 100 and what gave it."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def level(self) -> Literal["low", "medium", "high"]:
        """Return low, medium or high."""
        return "low" if self.score < LOW else "medium" if self.score < HIGH else "high"


def estimate_spam(source: EmailSource, html: str) -> SpamScore:
    """Return the score of an email whose HTML this is."""
    letter = _read(source, html)
    reasons = tuple(Reason(points, sentence) for points, rule in _RULES for sentence in rule(letter))
    return SpamScore(min(100, sum(each.points for each in reasons)), reasons)


def check_spam(source: EmailSource, html: str) -> list[Problem]:
    """Return a warning with its reasons when the score is medium or high."""
    found = estimate_spam(source, html)
    if found.level == "low":
        return []
    shown = "; ".join(f"{each.sentence} (+{each.points})" for each in found.reasons)
    message = f"By Senet's own rules the email scores {found.score} of 100 for looking like spam: {found.level}."
    return [Problem("spam_score", message, "email", "warning", f"{shown}.")]


def _read(source: EmailSource, html: str) -> _Letter:
    hosts: list[tuple[str, str]] = []
    for anchor in find_anchors(html):
        try:
            host = urlsplit(unescape_attribute(anchor.source).strip()).hostname or ""
        except ValueError:
            host = ""
        hosts.append((host, anchor.label))
    return _Letter(source.subject, source.from_address, html, make_plain_text(html), tuple(hosts))


def _shouting(letter: _Letter) -> Iterator[str]:
    subject = "".join(character for character in _prose(letter.subject) if character.isalpha())
    if len(subject) >= 8 and sum(character.isupper() for character in subject) > 0.7 * len(subject):
        yield "the subject is in capitals"


def _exclaiming(letter: _Letter) -> Iterator[str]:
    if _prose(letter.subject).count("!") > 1 or "!!!" in letter.text:
        yield "it exclaims several times"


def _faking(letter: _Letter) -> Iterator[str]:
    if re.match(r"\s*(?:re|fwd?|aw|wg)\s*:", letter.subject, re.IGNORECASE):
        yield "the subject pretends to be an answer"


def _selling(letter: _Letter) -> Iterator[str]:
    phrases = {match[0].lower() for match in _PHRASES.finditer(f"{_prose(letter.subject)}\n{letter.text[:200_000]}")}
    yield from (f"it says “{phrase}”" for phrase in sorted(phrases)[:5])


def _shortening(letter: _Letter) -> Iterator[str]:
    if hosts := sorted({host for host, _ in letter.links if host in _SHORTENERS}):
        yield f"links are hidden behind {', '.join(hosts)}"


def _misleading(letter: _Letter) -> Iterator[str]:
    for host, label in letter.links:
        shown = _HOST_IN_TEXT.fullmatch(label.strip())
        if shown and host and not _same_site(shown[1].lower(), host):
            yield f"a link shows {shown[1].lower()} and leads to {host}"
            return


def _numbers(letter: _Letter) -> Iterator[str]:
    if any(re.fullmatch(r"[\d.]+|[0-9a-f:]*:[0-9a-f:]*", host) for host, _ in letter.links if host):
        yield "a link leads to a bare number"


def _picturing(letter: _Letter) -> Iterator[str]:
    masked = blank_out(letter.html, find_liquid(letter.html), FILLER)
    images = sum(1 for tag in scan(masked) if tag.name == "img" and not tag.closing)
    if images and len(_prose(letter.text).split()) < 20 * images:
        yield "there are many pictures and few words"


def _wordless(letter: _Letter) -> Iterator[str]:
    if len(_prose(letter.text).split()) < 10:
        yield "there is hardly any text"


def _free(letter: _Letter) -> Iterator[str]:
    domain = letter.from_address.rpartition("@")[2].strip().lower()
    if domain in _FREE_MAIL:
        yield f"it comes from {domain}, whose rules let nobody else send in its name"


def _crowded(letter: _Letter) -> Iterator[str]:
    if len(letter.links) > 60:
        yield f"there are {len(letter.links)} links"


_RULES: tuple[tuple[int, Callable[[_Letter], Iterator[str]]], ...] = (
    (15, _shouting),
    (10, _exclaiming),
    (20, _faking),
    (15, _selling),
    (20, _shortening),
    (30, _misleading),
    (25, _numbers),
    (15, _picturing),
    (10, _wordless),
    (40, _free),
    (10, _crowded),
)


def _prose(text: str) -> str:
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.DOTALL)


def _same_site(shown: str, host: str) -> bool:
    one, other = shown.removeprefix("www."), host.removeprefix("www.")
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
