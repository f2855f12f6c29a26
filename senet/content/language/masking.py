"""Finds Liquid in a text, so that the rest can be read as HTML, MJML or prose without understanding Liquid."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_TAG_NAME = re.compile(r"\{%-?\s*(\w+|#)")
_WHOLE_BLOCKS = {name: re.compile(r"\{%-?\s*end" + name + r"\s*-?%\}") for name in ("raw", "comment", "doc")}
_STAND_IN = re.compile(r"\ue000(\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of Liquid: where it starts and ends."""

    start: int
    end: int


class Unclosed(Exception):  # noqa: N818
    """A piece of Liquid has no end."""

    def __init__(self, position: int, expected: str) -> None:
        super().__init__(expected)
        self.position = position
        self.expected = expected


def find_liquid(source: str) -> list[Span]:
    """Return every piece of Liquid; a comment or raw block is one piece. One pass, linear time.

    Raises: Unclosed at the first piece without an end.
    """
    spans: list[Span] = []
    position = 0
    while (start := _next_opening(source, position)) >= 0:
        closing = "}}" if source[start + 1] == "{" else "%}"
        end = source.find(closing, start + 2)
        if end < 0:
            raise Unclosed(start, closing)
        end += 2
        name = _TAG_NAME.match(source, start)
        if name and (block := _WHOLE_BLOCKS.get(name[1])):
            closed = block.search(source, end)
            if closed is None:
                raise Unclosed(start, f"{{% end{name[1]} %}}")
            end = closed.end()
        spans.append(Span(start, end))
        position = end
    return spans


def _next_opening(source: str, position: int) -> int:
    while True:
        start = source.find("{", position)
        if start < 0 or source[start + 1 : start + 2] in {"{", "%"}:
            return start
        position = start + 1


def blank_out(source: str, spans: list[Span], filler: str = "\ue000") -> str:
    """Return the text with every piece of Liquid replaced by as many fillers, so that positions stay."""
    return _rebuild(source, spans, lambda _, span: filler * (span.end - span.start), str)


def stand_in(source: str, spans: list[Span], form: str = "\ue000{}\ue001") -> str:
    """Return the text with each piece of Liquid replaced by a numbered stand-in."""
    return _rebuild(source, spans, lambda index, _: form.format(index), str)


def restore(text: str, source: str, spans: list[Span], pattern: re.Pattern[str] = _STAND_IN) -> str:
    """Put the Liquid back where its stand-ins are."""
    return pattern.sub(lambda match: source[spans[int(match[1])].start : spans[int(match[1])].end], text)


def map_prose(source: str, change: Callable[[str], str]) -> str:
    """Return the text with everything that is not Liquid changed by a function."""
    spans = find_liquid(source)
    return _rebuild(source, spans, lambda _, span: source[span.start : span.end], change)


def _rebuild(source: str, spans: list[Span], piece: Callable[[int, Span], str], prose: Callable[[str], str]) -> str:
    parts: list[str] = []
    position = 0
    for index, span in enumerate(spans):
        parts.append(prose(source[position : span.start]))
        parts.append(piece(index, span))
        position = span.end
    parts.append(prose(source[position:]))
    return "".join(parts)
