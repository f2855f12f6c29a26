"""Reads SMTP replies from bytes as they come: one line or several, with or without enhanced status codes.

Everything is bounded, because a server is a stranger: the length of a line, the lines of a reply, the text kept of it.
"""

from __future__ import annotations

import re

from senet.delivery.errors import ProtocolBroken

MAX_LINE = 4096  # RFC 5321 asks for 512; some servers write more
MAX_LINES = 200
_MAX_TEXT = 500
_CODES = {b"%d" % code: code for code in range(200, 600)}
_ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})(?:\s+|$)")


class Reply:
    """One reply: its code, and its lines without codes. What is rarely asked for is read when it is asked for."""

    __slots__ = ("code", "lines")

    def __init__(self, code: int, lines: list[bytes]) -> None:
        self.code = code
        self.lines = lines

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 3463), or an empty text when there is none or it contradicts the code."""
        found = _ENHANCED.match(self.lines[0])
        if found is None or int(found[1]) != self.code // 100:
            return ""
        return b".".join(found.groups()).decode("ascii")

    @property
    def text(self) -> str:
        """The words without the enhanced codes, on one line, bounded, and free of control characters."""
        words = b" ".join(_ENHANCED.sub(b"", line, count=1) for line in self.lines)
        text = words[: 4 * _MAX_TEXT].decode("utf-8", "replace")
        shown = "".join(character if character.isprintable() else " " for character in text)
        return " ".join(shown.split())[:_MAX_TEXT]


class ReplyReader:
    """Collects bytes into replies."""

    __slots__ = ("_code", "_lines", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []
        self._code = 0

    @property
    def has_leftovers(self) -> bool:
        """Say whether bytes are there that no reply has used yet."""
        return bool(self._rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        """Return the replies that these bytes complete. Raises: ProtocolBroken."""
        lines = (self._rest + data if self._rest else data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > MAX_LINE:
            raise ProtocolBroken("The mail server sent a line without end.")
        return [reply for line in lines if (reply := self._take(line)) is not None]

    def _take(self, line: bytes) -> Reply | None:
        code, mark = _CODES.get(line[:3]), line[3:4]
        if code is None or len(line) > MAX_LINE:
            raise ProtocolBroken("The mail server sent a line that is no SMTP reply.")
        if not self._lines and mark == b" ":
            return Reply(code, [line[4:]])
        if self._lines and code != self._code:
            raise ProtocolBroken("The mail server sent a reply whose lines have different codes.")
        if mark == b"-":
            self._code = code
            self._lines.append(line[4:])
            if len(self._lines) > MAX_LINES:
                raise ProtocolBroken("The mail server sent a reply without end.")
            return None
        if mark not in (b" ", b"\r", b""):
            raise ProtocolBroken("The mail server sent a line that is no SMTP reply.")
        lines, self._lines = [*self._lines, line[4:]], []
        return Reply(code, lines)
