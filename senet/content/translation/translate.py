"""Translates a whole template, piece by piece, keeping everything between the pieces byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from senet.content.translation.conditions import translate_condition
from senet.content.translation.paths import Loop, Place, Untranslatable, translate_loop, translate_path
from senet.content.translation.vocabulary import Vocabulary

_PIECE = re.compile(r"\\\{\{|\\\}\}|\{%|\{\{(?:(?!\{\{|\}\}).)*\}\}|\{\{", re.DOTALL)
_LITERAL = {"\\{{": "{{ '{{' }}", "\\}}": "}}", "{%": "{{ '{%' }}"}
_OPEN = re.compile(r"#\s*(\w+)\s*(.*)", re.DOTALL)
_ELSE_IF = re.compile(r"else\s+if\s+(.*)", re.DOTALL)
_EXCERPT = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece that could not be translated (`done` is false: it stands as it was), or that deserves a look."""

    line: int
    text: str
    why: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """A template in Liquid, and what to know about it."""

    source: str
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether everything could be translated."""
        return all(finding.done for finding in self.findings)


@dataclass(slots=True)
class _Piece:
    start: int
    text: str
    content: str  # without braces, decoded, trimmed; "" for literals
    becomes: str = ""
    left: str = ""  # why it is left as it is


@dataclass(slots=True)
class _Block:
    kind: str
    pieces: list[_Piece] = field(default_factory=list)
    loop: Loop | None = None


def translate(source: str, vocabulary: Vocabulary) -> Translation:
    """Return the template in Liquid. What cannot be translated is left as it stands, and reported."""
    return _Translator(source, vocabulary).translate()


class _Translator:
    def __init__(self, source: str, vocabulary: Vocabulary) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.blocks: list[_Block] = []
        self.findings: list[Finding] = []

    def translate(self) -> Translation:
        pieces = [self._read(match) for match in _PIECE.finditer(self.source)]
        for piece in pieces:
            if piece.becomes or piece.left:
                continue
            try:
                self._take(piece)
            except Untranslatable as error:
                piece.left = str(error)
        for block in self.blocks:
            self._leave(block, f"this {{{{#{block.kind}}}}} is never closed")
        self.findings += [
            Finding(self._line(piece), " ".join(piece.text.split())[:_EXCERPT], piece.left)
            for piece in pieces
            if piece.left
        ]
        return Translation("".join(self._write(pieces)), tuple(sorted(self.findings, key=lambda each: each.line)))

    def _read(self, match: re.Match[str]) -> _Piece:
        text = match[0]
        if literal := _LITERAL.get(text):
            return _Piece(match.start(), text, "", becomes=literal)
        if text == "{{":
            return _Piece(match.start(), text, "", left="it is never closed: }} is missing")
        content = unescape(text[2:-2]).replace("\xa0", " ").strip()
        left = "" if content else "there is nothing in it"
        return _Piece(match.start(), text, content, left=left)

    def _take(self, piece: _Piece) -> None:
        content = piece.content
        if opening := _OPEN.fullmatch(content):
            self._open(piece, opening[1], opening[2].strip())
        elif content.startswith("/"):
            self._close(piece, content[1:].strip())
        elif content == "else" or content.startswith(("else ", "else\n")):
            self._else(piece, content)
        else:
            place = translate_path(content, self.vocabulary, self._row())
            self._note(piece, place)
            piece.becomes = f"{{{{ {self._written(place.path)} }}}}"

    def _open(self, piece: _Piece, kind: str, rest: str) -> None:
        block = _Block(kind, [piece])
        self.blocks.append(block)
        if kind == "if":
            piece.becomes = f"{{% if {self._condition(piece, rest)} %}}"
        elif kind == "each":
            if self._row() is not None:
                raise Untranslatable("a loop over a relation cannot stand in another one")
            block.loop = translate_loop(rest)
            piece.becomes = f"{{% for {block.loop.row} in {block.loop.path} %}}"
        else:
            raise Untranslatable(f"there is no block “{kind}”; write it with if or each")

    def _else(self, piece: _Piece, content: str) -> None:
        if not self.blocks:
            raise Untranslatable("this else belongs to no block")
        self.blocks[-1].pieces.append(piece)
        if content == "else":
            piece.becomes = "{% else %}"
        elif condition := _ELSE_IF.fullmatch(content):
            piece.becomes = f"{{% elsif {self._condition(piece, condition[1].strip())} %}}"
        else:
            raise Untranslatable("after else comes nothing, or if with a condition")

    def _close(self, piece: _Piece, kind: str) -> None:
        if not self.blocks or self.blocks[-1].kind != kind:
            raise Untranslatable(f"this closes no {{{{#{kind}}}}}")
        block = self.blocks.pop()
        block.pieces.append(piece)
        piece.becomes = "{% endfor %}" if kind == "each" else "{% endif %}"
        if any(each.left for each in block.pieces):
            self._leave(block, "it belongs to a block that could not be translated")

    def _leave(self, block: _Block, why: str) -> None:
        """Keep all tags of a block as they were: half a block would change what the rest of the template does."""
        for piece in block.pieces:
            piece.left = piece.left or why

    def _condition(self, piece: _Piece, text: str) -> str:
        condition, places = translate_condition(text, self.vocabulary, self._row())
        for place in places:
            self._note(piece, place)
        return condition

    def _row(self) -> Loop | None:
        return next((block.loop for block in reversed(self.blocks) if block.loop), None)

    def _written(self, path: str) -> str:
        """Return the path that writes a value: a choice by its label, as there."""
        root, _, name = path.rpartition(".")
        if self.vocabulary.kinds.get(path) in {"choice", "choices"} and root in {"contact", "company"}:
            return f"{root}.labels.{name}"
        return path

    def _note(self, piece: _Piece, place: Place) -> None:
        if place.note:
            text = " ".join(piece.text.split())[:_EXCERPT]
            self.findings.append(Finding(self._line(piece), text, place.note, done=True))

    def _line(self, piece: _Piece) -> int:
        return self.source.count("\n", 0, piece.start) + 1

    def _write(self, pieces: list[_Piece]) -> Iterator[str]:
        position = 0
        for piece in pieces:
            yield self.source[position : piece.start]
            yield piece.text if piece.left else piece.becomes
            position = piece.start + len(piece.text)
        yield self.source[position:]
