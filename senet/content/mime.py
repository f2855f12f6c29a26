"""Encodes text for mail: quoted-printable in pieces that can be joined, and header values that cannot break out.

A piece of quoted-printable here always begins at the start of a line and ends at one (by a soft break where the
text has none), so that pieces encoded at go-live and pieces encoded for one person are joined as they are. No line
begins with a dot, so that SMTP needs no dot-stuffing. Source: RFC 2045 section 6.7, RFC 2047, RFC 5322 section
2.1.1.
"""

from __future__ import annotations

import base64
import binascii
import re

_LINE = 75  # characters before the “=” of a soft break
_SOFT = b"=\r\n"
_TABLE = [
    bytes([code]) if (33 <= code <= 126 and code != 61) or code in {9, 32} else b"=%02X" % code for code in range(256)
]
_PLAIN = re.compile(rb"(?!\.)[\t !-<>-~]{0,72}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_ATOM_TEXT = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_WORD_BYTES = 42  # bytes in one encoded word: 56 of base64 in a line of at most 76
_HEADER_LINE = 76


def encode_piece(text: str) -> bytes:
    """Return a text as quoted-printable that starts and ends at the start of a line; "" gives nothing."""
    raw = text.encode("utf-8", "replace")
    if _PLAIN.fullmatch(raw):
        return raw + _SOFT if raw else b""
    return _encode_lines(raw)


def _encode_lines(raw: bytes) -> bytes:
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    last = lines.pop()
    encoded = b"".join(_encode_line(line, hard=True) + b"\r\n" for line in lines)
    return encoded + (_encode_line(last, hard=False) + _SOFT if last else b"")


def _encode_line(line: bytes, *, hard: bool) -> bytes:
    """Encode one line; `hard` when a real line break follows, before which white space must not stand bare."""
    tail = b""
    if hard and line[-1:] in {b" ", b"\t"}:
        tail = b"=%02X" % line[-1]
        line = line[:-1]
    encoded = binascii.b2a_qp(line, quotetabs=False, istext=True).replace(b"=\n", _SOFT) + tail
    longest = len(encoded) - encoded.rfind(b"\n") - 1
    if encoded.startswith(b".") or b"\n." in encoded or longest > _LINE:
        return _wrap([_TABLE[code] for code in line] + ([tail] if tail else []))
    return encoded


def _wrap(characters: list[bytes]) -> bytes:
    lines: list[bytes] = []
    current: list[bytes] = []
    width = 0
    for each in characters:
        character = b"=2E" if each == b"." and not current else each
        if width + len(character) > _LINE:
            lines.append(b"".join(current))
            current, width = [], 0
            character = b"=2E" if each == b"." else each
        current.append(character)
        width += len(character)
    lines.append(b"".join(current))
    return _SOFT.join(lines)


def clean_header(text: str) -> str:
    """Return a text on one line, without control characters, with its white space collapsed."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_CONTROL.sub(" ", text).split())


def encode_text(text: str, *, used: int) -> bytes:
    """Return a cleaned text as an unstructured header value; `used` is the length of the name before it.

    Raises: nothing; what is not ASCII, or too long for a line, becomes encoded words.
    """
    if text.isascii() and "=?" not in text:
        if used + len(text) <= _HEADER_LINE:
            return text.encode("ascii")
        words = text.split(" ")
        if max(map(len, words)) < _HEADER_LINE - used:
            return _fold(words, used)
    return _encoded_words(text, used)


def _fold(words: list[str], used: int) -> bytes:
    lines: list[str] = []
    line = words[0]
    room = _HEADER_LINE - used
    for word in words[1:]:
        if len(line) + 1 + len(word) > room:
            lines.append(line)
            line, room = word, _HEADER_LINE - 1
        else:
            line += f" {word}"
    return "\r\n ".join([*lines, line]).encode("ascii")


def _encoded_words(text: str, used: int) -> bytes:
    words: list[bytes] = []
    room = min(_WORD_BYTES, (_HEADER_LINE - used - 12) // 4 * 3)
    piece = b""
    for character in text:
        raw = character.encode("utf-8", "replace")
        if len(piece) + len(raw) > room:
            words.append(piece)
            piece, room = b"", _WORD_BYTES
        piece += raw
    words.append(piece)
    return b"\r\n ".join(b"=?utf-8?b?" + base64.b64encode(word) + b"?=" for word in words)


def encode_mailbox(name: str, address: str, *, used: int) -> bytes:
    """Return “name <address>” as a header value; the name is cleaned, the address must be valid already."""
    plain = clean_header(name)
    if not plain:
        return address.encode("ascii")
    if plain.isascii() and "=?" not in plain and len(plain) < _HEADER_LINE - used - 2:
        quoted = '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
        words = (plain if _ATOM_TEXT.fullmatch(plain) else quoted).encode("ascii")
    else:
        words = _encoded_words(plain, used)
    line = len(words) - (words.rfind(b"\n") + 1) + (0 if b"\n" in words else used)
    gap = b" " if line + len(address) + 3 <= _HEADER_LINE else b"\r\n "
    return words + gap + b"<" + address.encode("ascii") + b">"
