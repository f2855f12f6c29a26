"""Finds text that is hard to read on its background. Colours are read from inlined styles, as mail programs see them.

Where a colour is not known (Liquid writes it, or a picture is behind), nothing is said. Source: WCAG 2.2, 1.4.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from senet.content.html import Tag, scan, unescape_attribute
from senet.content.language.masking import blank_out, find_liquid
from senet.content.links import FILLER
from senet.shared.errors import Problem

NEEDED, NEEDED_LARGE = 4.5, 3.0
_LARGE_POINTS, _LARGE_BOLD_POINTS = 24.0, 18.66  # CSS pixels: 18 and 14 points
_MOST = 10
_UNSEEN = frozenset({"head", "style", "script", "title"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*1(?:\.0+)?\s*)?\)")
_PIXELS = re.compile(r"(\d{1,3}(?:\.\d+)?)px")
_NAMED = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192),
    "orange": (255, 165, 0), "navy": (0, 0, 128), "purple": (128, 0, 128), "maroon": (128, 0, 0),
    "lightgray": (211, 211, 211), "lightgrey": (211, 211, 211), "darkgray": (169, 169, 169), "pink": (255, 192, 203),
}  # fmt: skip
Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks at one place; a colour is None where it is not known."""

    name: str = ""
    color: Color | None = (0, 0, 0)
    background: Color | None = (255, 255, 255)
    pixels: float = 16.0
    bold: bool = False
    hidden: bool = False


def check_contrast(html: str) -> list[Problem]:
    """Return a warning for each pair of colours that is hard to read, with the first words that have it."""
    found: dict[tuple[Color, Color], Problem] = {}
    for words, look in _find_texts(html):
        if look.color is None or look.background is None or look.hidden:
            continue
        large = look.pixels >= _LARGE_POINTS or (look.bold and look.pixels >= _LARGE_BOLD_POINTS)
        needed, ratio = (NEEDED_LARGE if large else NEEDED), contrast(look.color, look.background)
        pair = (look.color, look.background)
        if ratio < needed and pair not in found:
            message = (
                f"“{words[:60]}” is hard to read: {_write(look.color)} on {_write(look.background)}"
                f" has a contrast of {ratio:.1f}, and {needed:g} is needed."
            )
            found[pair] = Problem("contrast_low", message, "html body", "warning", "Choose a darker or lighter colour.")
    return list(found.values())[:_MOST]


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    parts = [value / 255 for value in color]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _find_texts(html: str) -> Iterator[tuple[str, _Look]]:
    masked = blank_out(html, find_liquid(html), FILLER)
    looks = [_Look()]
    position = 0
    for tag in scan(masked):
        text = masked[position : tag.start] if position <= tag.start else ""
        words = " ".join(unescape_attribute(text.replace(FILLER, "")).split())
        if words and not tag.conditional and "<!" not in words:
            yield words, looks[-1]
        position = tag.end
        if tag.conditional or tag.name in _VOID:
            continue
        if not tag.closing:
            looks.append(_enter(looks[-1], tag, masked))
        elif any(look.name == tag.name for look in looks[1:]):
            while looks.pop().name != tag.name:
                pass


def _enter(outer: _Look, tag: Tag, masked: str) -> _Look:
    styles = _read_styles(_value(tag, masked, "style"))
    look = replace(outer, name=tag.name)
    if tag.name in _UNSEEN or styles.get("display") == "none" or styles.get("mso-hide") == "all":
        look = replace(look, hidden=True)
    background = styles.get("background-color") or styles.get("background") or _value(tag, masked, "bgcolor")
    if background:
        look = replace(look, background=_read_background(background, outer.background))
    if _value(tag, masked, "background") or "background-image" in styles:
        look = replace(look, background=None)
    color = styles.get("color") or (_value(tag, masked, "color") if tag.name == "font" else "")
    if color:
        look = replace(look, color=outer.color if color == "inherit" else _read_color(color))
    elif tag.name == "a":
        look = replace(look, color=(0, 0, 238))  # what programs give links without a colour
    if size := _PIXELS.fullmatch(styles.get("font-size", "")):
        look = replace(look, pixels=float(size[1]))
        if look.pixels <= 2:
            look = replace(look, hidden=True)
    if weight := styles.get("font-weight"):
        look = replace(look, bold=weight in {"bold", "bolder", "600", "700", "800", "900"})
    return look


def _read_styles(text: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in text.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value.strip()}


def _read_background(text: str, outer: Color | None) -> Color | None:
    if text in {"transparent", "none", "inherit"}:
        return outer
    if "url(" in text or "gradient" in text:
        return None
    return next((color for part in text.split(" ") if (color := _read_color(part))), None)


def _read_color(text: str) -> Color | None:
    if text in _NAMED:
        return _NAMED[text]
    if found := _HEX.fullmatch(text):
        digits = found[1] if len(found[1]) == 6 else "".join(each * 2 for each in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.fullmatch(text):
        red, green, blue = (min(255, int(each)) for each in found.groups())
        return red, green, blue
    return None


def _write(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def _value(tag: Tag, masked: str, name: str) -> str:
    attribute = tag.find(name)
    return unescape_attribute(masked[attribute.value_start : attribute.value_end]).strip() if attribute else ""
