"""What the go-live check finds in the markup itself: broken tags, unsafe places, links, images, size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from senet.content.html import Tag, find_unfinished, scan, unescape_attribute
from senet.content.language.masking import Span, blank_out, find_liquid
from senet.content.links import FILLER, TRACKING_ID, Anchor, find_anchors, find_base, find_target
from senet.shared.errors import Problem

CLIPPED = 100 * 1024  # bytes: some programs cut a mail off near here
LARGE = 128 * 1024
_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
_OPTIONAL = frozenset(
    {
        "html",
        "head",
        "body",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "option",
    }
)
_HARMLESS_SCHEMES = re.compile(r"\s*(?:mailto|tel|sms|callto|webcal|geo|https?):", re.IGNORECASE)
_DANGEROUS_SCHEMES = re.compile(r"\s*(?:javascript|vbscript|data|file):", re.IGNORECASE)
Where = Callable[[int], str]  # names a position's place
_MOST = 20  # findings of one kind are enough


def check_html(html: str, *, lines: bool) -> list[Problem]:
    """Return what is wrong with the markup. `lines` says whether places are lines of the author's own source."""
    spans = find_liquid(html)
    masked = blank_out(html, spans, FILLER)
    tags = list(scan(masked))

    def where(position: int) -> str:
        return f"html body, line {html.count(chr(10), 0, position) + 1}" if lines else "html body"

    found = [*_nesting(tags, where, certain="{%" not in html), *_unsafe(html, masked, tags, spans, where)]
    found += _unfinished(masked, where)
    found += _images(tags, where)
    return found


def check_links(html: str) -> list[Problem]:
    """Return what is wrong with the document's links."""
    base = find_base(html)
    found: list[Problem] = []
    groups: dict[str, str] = {}
    for anchor in find_anchors(html):
        target = find_target(anchor, base)
        if target is None and (anchor.dynamic or anchor.tracked):
            found += _untracked(anchor)
        if anchor.tag.name == "a" and not anchor.tag.conditional and not anchor.label and not anchor.text_is_dynamic:
            found.append(_unnamed(anchor))
        if target and anchor.group and groups.setdefault(anchor.group, target[0]) != target[0]:
            message = (
                f"Links with the tracking id “{anchor.group}” lead to different places, so they are counted apart."
            )
            found.append(
                Problem("tracking_id_differs", message, "html body", "information", f"Check {TRACKING_ID[0]}.")
            )
    return found[:_MOST]


def check_size(html: str) -> list[Problem]:
    """Return a warning when the document is so large that mail programs cut it."""
    size = len(html.encode())
    if size < CLIPPED:
        return []
    limit = "128 KB" if size > LARGE else "100 KB"
    message = f"The HTML has {size // 1024} KB, more than {limit}; some mail programs will cut it off."
    return [Problem("html_large", message, "html body", "warning", "Shorten it, or take out unused styles.")]


def _unnamed(anchor: Anchor) -> Problem:
    shown = unescape_attribute(anchor.source).strip()[:80]
    message = f"The link to “{shown}” has no words: who cannot see its picture does not know where it leads."
    return Problem("link_unnamed", message, "html body", "warning", 'Give the picture in it a text: alt="…".')


def _untracked(anchor: Anchor) -> Iterator[Problem]:
    url = unescape_attribute(anchor.source).strip()
    shown = url[:80]
    if not url:
        yield Problem("link_empty", "A link has no address.", "html body", "warning", "Give it one, or take it out.")
    elif _DANGEROUS_SCHEMES.match(url):
        yield Problem("link_unsafe", f"The link “{shown}” is not allowed in email.", "html body", advice="Use https.")
    elif url.startswith("#") or (anchor.dynamic and _HARMLESS_SCHEMES.match(url)):
        return
    elif re.match(r"\s*https?:", url, re.IGNORECASE):
        yield Problem("link_invalid", f"The link “{shown}” is no valid address.", "html body", advice="Correct it.")
    elif not _HARMLESS_SCHEMES.match(url):
        message = f"The link “{shown}” leads nowhere from a mail."
        yield Problem("link_relative", message, "html body", "warning", "Write the whole address, with https://.")


def _nesting(tags: list[Tag], where: Where, *, certain: bool) -> list[Problem]:
    severity = "error" if certain else "warning"  # with conditions, only a rendering could tell
    open_tags: list[Tag] = []
    counts: Counter[str] = Counter()
    found: list[Problem] = []
    for tag in tags:
        if tag.conditional or tag.name in _VOID or tag.name in _OPTIONAL or ":" in tag.name:
            continue
        if len(found) > _MOST:
            break
        if not tag.closing:
            open_tags.append(tag)
            counts[tag.name] += 1
            continue
        if not counts[tag.name]:
            message = f"</{tag.name}> closes nothing."
            found.append(
                Problem("html_invalid", message, where(tag.start), severity, "Take it out, or open the element.")
            )
            continue
        while (last := open_tags.pop()).name != tag.name:
            counts[last.name] -= 1
            found.append(_never_closed(last, where, severity))
        counts[tag.name] -= 1
    return (found + [_never_closed(tag, where, severity) for tag in open_tags[:_MOST]])[:_MOST]


def _never_closed(tag: Tag, where: Where, severity: str) -> Problem:
    return Problem(
        "html_invalid",
        f"<{tag.name}> is not closed where it should be.",
        where(tag.start),
        severity,
        f"Add </{tag.name}>.",
    )


def _unfinished(masked: str, where: Where) -> Iterator[Problem]:
    position = find_unfinished(masked)
    if position is not None:
        message = "What begins here never ends, and swallows the rest of the email."
        yield Problem("html_invalid", message, where(position), advice="Add the missing quote, “>” or closing tag.")


def _unsafe(html: str, masked: str, tags: list[Tag], spans: list[Span], where: Where) -> Iterator[Problem]:
    """Find Liquid where a value cannot be made harmless: scripts, handlers, unquoted attributes, names."""
    places: list[tuple[int, int, str]] = []
    for index, tag in enumerate(tags):
        if tag.name == "script" and not tag.closing:
            message = "Mail programs remove scripts."
            yield Problem("script", message, where(tag.start), "warning", "Take the script out.")
            end = tags[index + 1].start if index + 1 < len(tags) else len(html)
            places.append((tag.end, end, "in a script"))
        for attribute in tag.attributes:
            if attribute.name.startswith("on"):
                places.append((attribute.value_start, attribute.value_end, "in an event handler"))
            elif not attribute.quote and attribute.value_end > attribute.value_start:
                places.append((attribute.value_start, attribute.value_end, "in an attribute without quotes"))
    for start, end, place in places:
        inside = next((span for span in spans if start <= span.start < end), None)
        if inside and FILLER in masked[start:end]:
            message = f"“{html[inside.start : inside.end][:60]}” stands {place}, where a value could do harm."
            yield Problem("unsafe_place", message, where(inside.start), advice="Put the attribute's value in quotes.")


def _images(tags: list[Tag], where: Where) -> Iterator[Problem]:
    missing = [
        tag for tag in tags if tag.name == "img" and not tag.closing and not tag.conditional and tag.find("alt") is None
    ]
    for tag in missing[:_MOST]:
        message = "An image has no alternative text."
        yield Problem("alt_missing", message, where(tag.start), "information", 'Say what it shows: alt="…".')
