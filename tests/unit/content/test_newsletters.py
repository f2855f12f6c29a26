"""A thousand awkward newsletters: every link that may change leads where it led, and nothing else has changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urljoin

from senet.content.compiler import compile_email
from senet.content.language.slots import WRITE_BEACON
from senet.content.links import LinkRegister, find_base, slot_links
from senet.content.render import Renderer
from senet.content.urls import clean_url
from senet.content.values import EmailSource, LinkKind, MessageToRender
from senet.shared.tokens import find_link
from tests.support.newsletters import Newsletter, NewsletterMaker

SEEDS = range(1_000)
DOOR = "https://links.example.com"
_AT_THE_DOOR = re.compile(r"/([ucv])/[\w-]{40}")  # these say for whom, and whether clicks are counted
_BEACON = re.compile(rf'<img src="{DOOR}/o/[^>]*>')
_HIDDEN = re.compile(rf'<a href="{DOOR}/h/[^>]*></a>')  # what only robots follow
_SLOT = re.compile(r"\{% senet_link (\d+) %\}(.*?)\{% endsenet_link %\}", re.DOTALL)


def make(seed: int) -> Newsletter:
    return NewsletterMaker(seed).make()


def test_links_get_their_slots_and_every_other_byte_stays() -> None:
    """Taking the slots out again gives the document back; what is in them is what the author wrote."""
    for seed in SEEDS:
        newsletter = make(seed)
        register = LinkRegister()
        slotted = slot_links(newsletter.html, register)
        assert _SLOT.sub(lambda match: match[2], slotted) == newsletter.html, seed

        wanted = [target for _, target in newsletter.links if target is not None]
        static = [link.url for link in register.links if link.kind == LinkKind.URL]
        assert static == wanted, seed
        assert all(clean_url(url) == url for url in static), seed


def test_a_rendered_message_leads_where_the_newsletter_led_and_its_tree_is_the_same() -> None:
    for seed in SEEDS:
        newsletter = make(seed)
        source = EmailSource(subject="x", from_name="x", from_address="x@example.com", source=newsletter.html)
        renderer = Renderer(compile_email(source), DOOR)
        message = MessageToRender(7, 3, 1, "x@example.com", datetime(2026, 1, 1, tzinfo=UTC))
        settings = {"address_main": "1 Main Street", "subscription_center": "https://centre.example/"}
        contact = {"first_name": "Anna"}
        plain = renderer.render_parts(replace(message, tracking_allowed=False), contact, settings)[2]
        tracked = renderer.render_parts(message, contact, settings)[2]

        plain, tracked = (_AT_THE_DOOR.sub(r"/\1/", each) for each in (plain, tracked))
        ours = _HIDDEN.sub("", _BEACON.sub("", tracked))
        followed = follow(ours, {link.number: link.url for link in renderer.compiled.links})
        assert shape_of(followed) == shape_of(plain), seed
        assert "senet_" not in tracked, seed


def test_inlining_styles_changes_no_link_and_no_text() -> None:
    for seed in list(SEEDS)[::10]:
        newsletter = make(seed)
        source = EmailSource(subject="x", from_name="x", from_address="x@example.com", source=newsletter.html)
        compiled = compile_email(source).html.replace(WRITE_BEACON, "")
        restored = _SLOT.sub(lambda match: match[2], compiled)
        assert strip_styles(restored) == strip_styles(newsletter.html), seed


def test_the_same_seed_makes_the_same_newsletter_and_others_differ() -> None:
    assert make(5) == make(5)
    assert len({make(seed).html for seed in range(100)}) == 100
    kinds = "".join(make(seed).html for seed in range(200))
    for each in ("v:roundrect", "<base", "mailto:", "tel:", "<!--[if mso]", "日本", "&amp;c=2", "<area", "{% if"):
        assert each in kinds


def follow(document: str, urls: dict[int, str]) -> str:
    """Return a document whose redirects are replaced by where they lead; no address here holds its own quote."""

    def lead_back(match: re.Match[str]) -> str:
        token = find_link(match[1], purpose="redirect")
        assert token is not None
        return urls[token.link]

    return re.sub(rf"{DOOR}/r/([\w-]+)", lead_back, document)


class _Shape(HTMLParser):
    """Notes what a document says, with links as a browser would follow them."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.events: list[tuple[object, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        followed = tuple((name, self._follow(tag, name, value)) for name, value in attrs)
        self.events.append((tag, followed))

    def handle_endtag(self, tag: str) -> None:
        self.events.append(("/", tag))

    def handle_data(self, data: str) -> None:
        if self.events and self.events[-1][0] == "text":
            self.events[-1] = ("text", f"{self.events[-1][1]}{data}")
        else:
            self.events.append(("text", data))

    def handle_comment(self, data: str) -> None:
        self.events.append(("comment", shape_of(data, self.base) if "<" in data else data))

    def _follow(self, tag: str, name: str, value: str | None) -> str | None:
        if name != "href" or not value or tag == "base":
            return value
        whole = urljoin(self.base, value.strip()) if self.base else value
        return clean_url(whole) or value


def shape_of(document: str, base: str | None = None) -> tuple[object, ...]:
    """Return the document's tags, attributes, texts and comments, with links as they are followed."""
    parser = _Shape(find_base(document) if base is None else base)
    parser.feed(document)
    parser.close()
    return tuple(parser.events)


def strip_styles(document: str) -> str:
    """Return the document without style attributes."""
    return re.sub(r"\sstyle=(?:\"[^\"]*\"|'[^']*')", "", document)
