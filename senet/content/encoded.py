"""One body of a message, encoded at go-live as far as it can be: static bytes, token slots, and calls for the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from liquid.exceptions import ResourceLimitError

from senet.content.language.budget import MAX_OUTPUT, RenderState
from senet.content.language.program import BeaconPiece, ChoicePiece, LinkPiece, Piece, choose, write_text
from senet.content.mime import encode_piece

Call = Callable[[RenderState], bytes]


@dataclass(frozen=True, slots=True)
class Slots:
    """How a body's links and beacon are written for people who may, or may not, be tracked.

    `redirects` has the links that are a redirect and nothing else, and where each one's token is found among the
    message's; `redirect` and `beacon` are the text around the token, empty when there is none to write.
    """

    html: bool
    redirect: str = ""
    redirects: dict[int, int] = field(default_factory=dict)
    untracked: frozenset[int] = frozenset()  # links whose own address is static and stays
    beacon: tuple[str, int, str] | None = None  # before, token, behind
    hidden: tuple[str, int, str] | None = None  # the link that no reader sees, right before the beacon


@dataclass(slots=True)
class EncodedBody:
    """Bytes with holes: `tokens` are filled from the message's tokens, `calls` are asked."""

    parts: list[bytes]
    tokens: list[tuple[int, int]]
    calls: list[tuple[int, Call]]

    def write(self, state: RenderState, tokens: Sequence[bytes]) -> bytes:
        """Return the body for one message. Raises: ResourceLimitError when it grows too long."""
        parts = self.parts.copy()
        for hole, token in self.tokens:
            parts[hole] = tokens[token]
        left = MAX_OUTPUT
        for hole, call in self.calls:
            parts[hole] = written = call(state)
            left -= len(written)
            if left < 0:
                raise ResourceLimitError("the template writes too much for one message", token=None)
        return b"".join(parts)


def encode_body(pieces: Sequence[Piece], slots: Slots) -> EncodedBody:
    """Return the pieces encoded as quoted-printable, ready to be filled."""
    return _Encoder(slots).encode(pieces)


class _Encoder:
    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.parts: list[bytes] = []
        self.tokens: list[tuple[int, int]] = []
        self.calls: list[tuple[int, Call]] = []
        self.text: list[str] = []

    def encode(self, pieces: Sequence[Piece]) -> EncodedBody:
        for piece in pieces:
            self._add(piece)
        self._flush()
        return EncodedBody(*_merged(self.parts, self.tokens, self.calls))

    def _add(self, piece: Piece) -> None:
        slots = self.slots
        if isinstance(piece, str):
            self.text.append(piece)
        elif isinstance(piece, LinkPiece) and piece.number in slots.redirects:
            self._token(slots.redirect, slots.redirects[piece.number], "")
        elif isinstance(piece, LinkPiece) and piece.number in slots.untracked:
            self.text += (own for own in piece.own if isinstance(own, str))
        elif isinstance(piece, BeaconPiece):
            for slot in (slots.hidden, slots.beacon):
                if slot:
                    self._token(*slot)
        elif isinstance(piece, ChoicePiece):
            self._call(self._choice(piece))
        elif isinstance(piece, LinkPiece):
            self._call(self._link(piece))
        else:
            self._call(lambda state: encode_piece(piece(state)))

    def _token(self, before: str, token: int, behind: str) -> None:
        """Place a token behind its prefix, on a line of its own; the token itself needs no encoding."""
        self._flush()
        prefix = encode_piece(before)
        self.parts.append(prefix.removesuffix(b"=\r\n") if len(before) <= 35 else prefix)
        self.tokens.append((len(self.parts), token))
        self.parts += (b"", b"=\r\n")
        self.text.append(behind)

    def _call(self, call: Call) -> None:
        self._flush()
        self.calls.append((len(self.parts), call))
        self.parts.append(b"")

    def _choice(self, piece: ChoicePiece) -> Call:
        bodies = {id(pieces): encode_body(pieces, self.slots) for _, pieces in piece.branches}

        def write(state: RenderState) -> bytes:
            chosen = choose(piece, state)
            return bodies[id(chosen)].write(state, state.tokens) if chosen else b""

        return write

    def _link(self, piece: LinkPiece) -> Call:
        html = self.slots.html

        def write(state: RenderState) -> bytes:
            return encode_piece(state.write_link(piece.number, write_text(piece.own, state, html=html), html=html))

        return write

    def _flush(self) -> None:
        if self.text:
            self.parts.append(encode_piece("".join(self.text)))
            self.text.clear()


def _merged(
    parts: list[bytes], tokens: list[tuple[int, int]], calls: list[tuple[int, Call]]
) -> tuple[list[bytes], list[tuple[int, int]], list[tuple[int, Call]]]:
    """Join neighbouring static parts, so that a message has few."""
    holes = {hole for hole, _ in tokens} | {hole for hole, _ in calls}
    merged: list[bytes] = []
    places: dict[int, int] = {}
    open_static = False
    for index, part in enumerate(parts):
        if index in holes:
            places[index] = len(merged)
            merged.append(part)
            open_static = False
        elif open_static:
            merged[-1] += part
        else:
            merged.append(part)
            open_static = True
    return merged, [(places[hole], token) for hole, token in tokens], [(places[hole], call) for hole, call in calls]
