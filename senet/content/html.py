"""Reads HTML by position: tags and attributes with their exact places, so that edits touch nothing else.

Follows the tokenizer of the HTML standard as far as mail needs it. What stands in conditional comments (for
Outlook) counts as markup; other comments, scripts and styles do not. One pass, linear time, and never an error:
what cannot be read is text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

_CONDITION = re.compile(r"<!--\[if[^\]]*\]>(?:<!-->|-->)?", re.IGNORECASE)
_END_CONDITION = re.compile(r"<!\[endif\]-->|<!--<!\[endif\]-->", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][^\s/>]*")
_SPACE = re.compile(r"[\s/]*")
_ATTRIBUTE = re.compile(r"[^\s/>][^\s/>=]*")
_EQUALS = re.compile(r"\s*=\s*")
_UNQUOTED = re.compile(r"[^\s>]*")
_RAW_TEXT = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})
MAX_DEPTH = 200  # real mail has some dozens; the parsers behind this one recurse, and overflow their stack
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})  # fmt: skip
_ENDS_BY_ITSELF = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "colgroup"})
_REFERENCE = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*;?)(=?)")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its lower-case name, and where its value stands without its quotes (quote "" when it has none)."""

    name: str
    start: int
    value_start: int
    value_end: int
    quote: str

    @property
    def end(self) -> int:
        """Return where the attribute ends, its closing quote included."""
        return self.value_end + len(self.quote)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: `start` is its “<”, `end` is behind its “>”, `name_end` behind its name."""

    name: str
    closing: bool
    start: int
    name_end: int
    end: int
    attributes: tuple[Attribute, ...] = ()
    conditional: bool = False  # inside a comment that only Outlook reads

    def find(self, *names: str) -> Attribute | None:
        """Return the first attribute that has one of the names."""
        return next((attribute for attribute in self.attributes if attribute.name in names), None)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what stands between two positions."""

    start: int
    end: int
    text: str


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """Return the source with edits made; they must not overlap."""
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        parts += (source[position : edit.start], edit.text)
        position = edit.end
    parts.append(source[position:])
    return "".join(parts)


def find_unfinished(source: str) -> int | None:
    """Return where a tag, comment or script begins that never ends and so swallows the rest; None when all end."""
    unfinished: list[int] = []
    for _ in scan(source, unfinished):
        pass
    return unfinished[0] if unfinished else None


def scan(source: str, unfinished: list[int] | None = None) -> Iterator[Tag]:
    """Yield every tag in order; note in `unfinished` where something begins that never ends."""
    never_ends = [] if unfinished is None else unfinished
    position = 0
    conditional = False
    while (start := source.find("<", position)) >= 0:
        following = source[start + 1 : start + 2]
        if following in {"!", "?"}:
            position, conditional = _skip_declaration(source, start, conditional)
            if position < 0:
                never_ends.append(start)
                return
            continue
        name = _NAME.match(source, start + 1 + (following == "/"))
        if name is None:
            position = start + 1
            continue
        tag = _read_tag(source, start, name, conditional)
        if tag is None:  # a browser shows nothing of the rest
            never_ends.append(start)
            return
        yield tag
        position = tag.end
        if tag.name in _RAW_TEXT and not tag.closing:
            position = _end_of_raw_text(source, tag)
            if position < 0:
                never_ends.append(start)
                return


class NestedTooDeeply(ValueError):  # noqa: N818
    """Elements stand in elements, more than 200 deep."""


def check_depth(source: str) -> None:
    """Refuse a document whose elements are nested deeper than any mail's.

    Elements that a browser closes by itself are not counted: none of them nests without one that is.

    Raises: NestedTooDeeply.
    """
    opened: Counter[str] = Counter()
    depth = 0
    for tag in scan(source):
        if tag.conditional or tag.name in _VOID or tag.name in _ENDS_BY_ITSELF:
            continue
        if not tag.closing:
            opened[tag.name] += 1
            depth += 1
        elif opened[tag.name]:
            opened[tag.name] -= 1
            depth -= 1
        if depth > MAX_DEPTH:
            raise NestedTooDeeply(f"elements are nested more than {MAX_DEPTH} deep")


def _skip_declaration(source: str, start: int, conditional: bool) -> tuple[int, bool]:
    if opening := _CONDITION.match(source, start):
        return opening.end(), not opening.group().endswith("-->")
    if closing := _END_CONDITION.match(source, start):
        return closing.end(), False
    if source.startswith(("<!-->", "<!--->"), start):
        return source.index(">", start) + 1, conditional
    end, width = (
        (source.find("-->", start + 4), 3) if source.startswith("<!--", start) else (source.find(">", start), 1)
    )
    return (-1 if end < 0 else end + width), conditional


def _end_of_raw_text(source: str, tag: Tag) -> int:
    closing = re.compile(rf"</{re.escape(tag.name)}(?=[\s/>])", re.IGNORECASE).search(source, tag.end)
    return closing.start() if closing else -1


def _read_tag(source: str, start: int, name: re.Match[str], conditional: bool) -> Tag | None:
    closing = source[start + 1] == "/"
    attributes: list[Attribute] = []
    position = name.end()
    while True:
        position = _end_of(_SPACE, source, position)
        if position >= len(source):
            return None
        if source[position] == ">":
            return Tag(
                name[0].lower(), closing, start, name.end(), position + 1, tuple(attributes), conditional=conditional
            )
        attribute = _read_attribute(source, position)
        if attribute is None:
            return None
        attributes.append(attribute)
        position = attribute.end


def _read_attribute(source: str, start: int) -> Attribute | None:
    name_end = _end_of(_ATTRIBUTE, source, start)
    name = source[start:name_end].lower()
    equals = _EQUALS.match(source, name_end)
    if equals is None:
        return Attribute(name, start, name_end, name_end, "")
    value_start = equals.end()
    quote = source[value_start : value_start + 1]
    if quote not in {'"', "'"}:
        return Attribute(name, start, value_start, _end_of(_UNQUOTED, source, value_start), "")
    value_end = source.find(quote, value_start + 1)
    return None if value_end < 0 else Attribute(name, start, value_start + 1, value_end, quote)


def _end_of(pattern: re.Pattern[str], source: str, position: int) -> int:
    match = pattern.match(source, position)
    return match.end() if match else position


def drop_comments(html: str) -> str:
    """Return the document without comments and declarations."""
    parts: list[str] = []
    position = 0
    while (start := html.find("<!", position)) >= 0:
        parts.append(html[position:start])
        closing = "-->" if html.startswith("<!--", start) else ">"
        end = html.find(closing, start + 2)
        position = len(html) if end < 0 else end + len(closing)
    parts.append(html[position:])
    return "".join(parts)


def unescape_attribute(value: str) -> str:
    """Decode character references as the standard does inside attributes: “&copy=1” stays, “&amp;” does not."""

    def decode(match: re.Match[str]) -> str:
        name, equals = match[1], match[2]
        if name.startswith("#") or name.endswith(";"):
            return unescape(f"&{name}") + equals
        decoded = unescape(f"&{name}")
        whole = not decoded.startswith("&") and len(decoded) <= 2  # a longer result is a name followed by letters
        return f"{decoded}{equals}" if whole and not equals else match[0]

    return _REFERENCE.sub(decode, value)
