"""How many segments a text message takes: 160 characters of GSM-7 or 70 of UCS-2, fewer in each of several."""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # two places each


@dataclass(frozen=True, slots=True)
class Segments:
    """How a text is sent. Units: characters as the encoding counts them."""

    encoding: str
    length: int
    count: int


def count_segments(text: str) -> Segments:
    """Return the encoding, length and segments of a text. A character of two places is never cut in two."""
    if all(each in _BASIC or each in _EXTENDED for each in text):
        return _pack("GSM-7", [2 if each in _EXTENDED else 1 for each in text], 160, 153)
    return _pack("UCS-2", [len(each.encode("utf-16-be")) // 2 for each in text], 70, 67)


def _pack(encoding: str, places: list[int], single: int, each: int) -> Segments:
    length = sum(places)
    if length <= single:
        return Segments(encoding, length, 1 if length else 0)
    count, used = 1, 0
    for wide in places:
        if used + wide > each:
            count, used = count + 1, 0
        used += wide
    return Segments(encoding, length, count)
