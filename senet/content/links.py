"""Finds the links of a document and gives each its number and its slot, by exact positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from senet.content.html import Attribute, Edit, Tag, apply_edits, drop_comments, scan, unescape_attribute
from senet.content.language.masking import blank_out, find_liquid, map_prose
from senet.content.language.slots import write_link
from senet.content.urls import clean_url, resolve
from senet.content.values import MAX_LINKS, Link, LinkKind

TRACKING_OFF = ("data-senet-tracking", "data-msdyn-tracking")
TRACKING_ID = ("data-senet-tracking-id", "data-msdyn-tracking-id")
FILLER = "\ue000"
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_LABEL_LENGTH = 100
_TEXT_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_TRAILING = ".,;:!?"
_SPECIAL = re.compile(r"\{\{-?\s*(?:content_?settings\.subscription_center|message\.(\w+_url))\s*-?\}\}")
_SPECIAL_KINDS = {
    None: LinkKind.SUBSCRIPTION_CENTER,
    "subscription_center_url": LinkKind.SUBSCRIPTION_CENTER,
    "unsubscribe_url": LinkKind.UNSUBSCRIBE,
    "web_view_url": LinkKind.WEB_VIEW,
    "forward_url": LinkKind.FORWARD,
    "confirmation_url": LinkKind.CONFIRMATION,
}


class TooManyLinks(Exception):  # noqa: N818
    """An email may hold 255 links."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One place in a document that leads somewhere."""

    tag: Tag
    href: Attribute
    source: str  # the attribute's own source, as written
    tracked: bool
    group: str
    label: str
    text_is_dynamic: bool = False  # Liquid writes what it shows, or a part of it

    @property
    def dynamic(self) -> bool:
        """Whether Liquid writes a part of the address."""
        return "{{" in self.source or "{%" in self.source


@dataclass(slots=True)
class LinkRegister:
    """Numbers links in the order in which they are met; equal group and address share a number."""

    links: list[Link] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, url: str, *, group: str, label: str, kind: LinkKind, dynamic: bool) -> int:
        """Return the number of a link, a new one unless its group has this address already."""
        known = self._numbers.get((group, url)) if group else None
        if known:
            return known
        if len(self.links) >= MAX_LINKS:
            raise TooManyLinks
        link = Link(len(self.links) + 1, url, label, kind.value, dynamic)
        self.links.append(link)
        if group:
            self._numbers[(group, url)] = link.number
        return link.number

    def number_in_text(self, url: str, *, dynamic: bool) -> int:
        """Return the number that an address already has, or a new one."""
        for link in self.links:
            if link.url == url:
                return link.number
        return self.number(url, group="", label="", kind=LinkKind.URL, dynamic=dynamic)


def find_anchors(html: str) -> Iterator[Anchor]:
    """Yield every link of a document, tracked or not."""
    masked = blank_out(html, find_liquid(html), FILLER)
    tags = list(scan(masked))
    for index, tag in enumerate(tags):
        href = tag.find("href", "xlink:href")
        if tag.closing or href is None or not (tag.name in {"a", "area"} or tag.name.startswith("v:")):
            continue
        off = _value(html, tag, *TRACKING_OFF).lower()
        yield Anchor(
            tag=tag,
            href=href,
            source=html[href.value_start : href.value_end],
            tracked=off != "false",
            group=_value(html, tag, *TRACKING_ID),
            label=_label(html, masked, tags, index),
            text_is_dynamic=FILLER in masked[tag.end : _end_of_link(tags, index)],
        )


def find_base(html: str) -> str:
    """Return the document's base address, or ""."""
    for tag in scan(blank_out(html, find_liquid(html), FILLER)):
        if tag.name == "base" and not tag.closing and not tag.conditional and tag.find("href"):
            return clean_url(unescape_attribute(_value(html, tag, "href"))) or ""
    return ""


def slot_links(html: str, register: LinkRegister) -> str:
    """Register every link that can be tracked and return the document with slots in their places.

    Raises: TooManyLinks.
    """
    base = find_base(html)
    edits: list[Edit] = []
    for anchor in find_anchors(html):
        target = find_target(anchor, base)
        if target is None:
            continue
        url, kind = target
        label = anchor.label or anchor.group
        number = register.number(url, group=anchor.group, label=label, kind=kind, dynamic=anchor.dynamic)
        edits.append(Edit(anchor.href.value_start, anchor.href.value_end, write_link(number, anchor.source)))
    return apply_edits(html, edits)


def slot_text_links(text: str, register: LinkRegister) -> str:
    """Do the same for addresses in a plain text.

    Raises: TooManyLinks.
    """
    masked = blank_out(text, find_liquid(text), FILLER)
    edits: list[Edit] = []
    for match in _TEXT_URL.finditer(masked):
        found = match[0].rstrip(_TRAILING)
        if found.endswith(")") and "(" not in found:
            found = found[:-1]
        start, end = match.start(), match.start() + len(found)
        source = text[start:end]
        dynamic = FILLER in found
        url = source if dynamic else clean_url(source)
        if url:
            edits.append(Edit(start, end, write_link(register.number_in_text(url, dynamic=dynamic), source)))
    return apply_edits(text, edits)


def find_target(anchor: Anchor, base: str) -> tuple[str, LinkKind] | None:
    """Return where a link leads and what it is, or None when it is left as it stands."""
    if special := _SPECIAL.fullmatch(anchor.source.strip()):
        kind = _SPECIAL_KINDS.get(special[1])
        return (anchor.source.strip(), kind) if kind else None
    if anchor.dynamic:
        return _dynamic_target(anchor)
    if not anchor.tracked:
        return None
    url = clean_url(resolve(unescape_attribute(anchor.source), base))
    return (url, LinkKind.URL) if url else None


def _dynamic_target(anchor: Anchor) -> tuple[str, LinkKind] | None:
    source = map_prose(anchor.source.strip(), unescape_attribute)
    scheme = _SCHEME.match(source)
    starts_with_liquid = source.startswith(("{{", "{%"))
    web = scheme is not None and scheme[1].lower() in {"http", "https"}
    kind = LinkKind.URL if anchor.tracked else LinkKind.UNTRACKED
    return (source, kind) if web or starts_with_liquid else None


def _end_of_link(tags: list[Tag], index: int) -> int:
    """Return where what a link shows ends."""
    following = (tag.start for tag in tags[index + 1 : index + 60] if tag.name == "a")
    return next(following, tags[index].end)


def _value(html: str, tag: Tag, *names: str) -> str:
    attribute = tag.find(*names)
    return html[attribute.value_start : attribute.value_end].strip() if attribute else ""


def _label(html: str, masked: str, tags: list[Tag], index: int) -> str:
    start = tags[index]
    words: list[str] = []
    position = start.end
    images: list[str] = []
    if start.name == "a":
        for tag in tags[index + 1 : index + 60]:
            words.append(masked[position : tag.start])
            position = tag.end
            if tag.name == "a":
                break
            if tag.name == "img":
                images.append(_value(html, tag, "alt"))
    text = " ".join(unescape_attribute(drop_comments(" ".join(words))).replace(FILLER, "").split())
    label = text or " ".join(images).strip() or _value(html, start, "title", "alt")
    return label[:_LABEL_LENGTH]
