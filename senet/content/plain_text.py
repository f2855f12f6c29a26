"""Makes the plain-text version of a document: words, headings, lists and links, with Liquid left in its place."""

from __future__ import annotations

import re
from html import unescape

from senet.content.html import Tag, drop_comments, scan, unescape_attribute
from senet.content.language.masking import find_liquid, restore, stand_in

_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "center"})
_LINES = frozenset(
    {
        "div",
        "tr",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "form",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "address",
    }
)
_UNSEEN = frozenset({"head", "style", "script", "title", "template", "noscript"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_VOID = frozenset({"img", "br", "hr", "input", "meta", "link", "base", "area", "col", "wbr"})


def make_plain_text(html: str) -> str:
    """Return a text that says what the document says."""
    spans = find_liquid(html)
    text = _Writer(drop_comments(stand_in(html, spans))).write()
    return restore(text, html, spans)


class _Writer:
    def __init__(self, html: str) -> None:
        self.html = html
        self.parts: list[str] = []
        self.unseen: list[str] = []  # open elements whose text is not shown
        self.href = ""
        self.link_start = 0

    def write(self) -> str:
        position = 0
        for tag in scan(self.html):
            self._text(self.html[position : tag.start])
            position = tag.end
            if self.unseen or self._hides(tag):
                self._follow_unseen(tag)
            else:
                self._tag(tag)
        self._text(self.html[position:])
        lines = [" ".join(line.split()) for line in "".join(self.parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"

    def _text(self, text: str) -> None:
        if not self.unseen and text:
            self.parts.append(re.sub(r"[ \t\r\n]+", " ", unescape(text)))

    def _hides(self, tag: Tag) -> bool:
        return not tag.closing and tag.name not in _VOID and (tag.name in _UNSEEN or self._is_hidden(tag))

    def _is_hidden(self, tag: Tag) -> bool:
        return bool(_HIDDEN.search(self._value(tag, "style")) or tag.find("hidden"))

    def _follow_unseen(self, tag: Tag) -> None:
        if not tag.closing and (not self.unseen or tag.name == self.unseen[-1]):
            self.unseen.append(tag.name)
        elif tag.closing and self.unseen and tag.name == self.unseen[-1]:
            self.unseen.pop()

    def _tag(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self.parts.append("\n")
        elif name == "hr":
            self.parts.append("\n----\n")
        elif name in _PARAGRAPHS:
            self.parts.append("\n\n")
        elif name in _LINES:
            self._start_line()
        elif name == "li":
            self._start_line()
            if not tag.closing:
                self.parts.append("* ")
        elif name in {"td", "th"}:
            self.parts.append(" ")
        elif name == "img":
            self.parts.append(unescape_attribute(self._value(tag, "alt")))
        elif name == "a":
            self._link(tag)

    def _start_line(self) -> None:
        for part in reversed(self.parts):
            if part.rstrip(" ").endswith("\n"):
                return
            if part.strip():
                break
        self.parts.append("\n")

    def _link(self, tag: Tag) -> None:
        if self.href:
            words = "".join(self.parts[self.link_start :]).strip()
            bare = re.sub("\ue000\\d+\ue001", "", self.href)
            shown = words in {self.href, bare, bare.removeprefix("mailto:"), bare.removeprefix("tel:")}
            if shown and bare.startswith("http"):
                self.parts[self.link_start :] = [self.href]
            elif not shown:
                self.parts.append(f" <{self.href}>" if words else self.href)
            self.href = ""
        if not tag.closing:
            href = unescape_attribute(self._value(tag, "href")).strip()
            self.href = "" if href.startswith("#") else href
            self.link_start = len(self.parts)

    def _value(self, tag: Tag, name: str) -> str:
        attribute = tag.find(name)
        return self.html[attribute.value_start : attribute.value_end] if attribute else ""
