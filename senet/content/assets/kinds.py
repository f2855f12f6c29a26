"""Which files the library takes, and how each is recognised: by what is in it, never by its name alone.

Source: product facts 3.12 (types and limits), and the signatures that the formats' own specifications give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
LIMITS = {"image": 5 * MEGABYTE, "file": 32 * MEGABYTE, "video": 128 * MEGABYTE}
_HEAD = 4096  # bytes that tell what a file is


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: image, file or video; how the door names it; and what its beginning has to be."""

    group: str
    content_type: str
    matches: Callable[[bytes], bool]


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _is_text(head: bytes) -> bool:
    """Whether it is text: no zero bytes, and UTF-8 or an 8-bit encoding without control characters."""
    return b"\0" not in head and not any(byte < 9 or 13 < byte < 32 for byte in head if byte != 27)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _is_mp3(head: bytes) -> bool:
    return head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


def _is_pdf(head: bytes) -> bool:
    return b"%PDF-" in head[:1024]


_ZIP = _starts(b"PK\x03\x04", b"PK\x05\x06")
_OLE = _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

KINDS: dict[str, FileKind] = {
    "gif": FileKind("image", "image/gif", _starts(b"GIF87a", b"GIF89a")),
    "jpg": FileKind("image", "image/jpeg", _starts(b"\xff\xd8\xff")),
    "jpeg": FileKind("image", "image/jpeg", _starts(b"\xff\xd8\xff")),
    "png": FileKind("image", "image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "webp": FileKind("image", "image/webp", _riff(b"WEBP")),
    "svg": FileKind("image", "image/svg+xml", _is_text),  # and see `svg`
    "pdf": FileKind("file", "application/pdf", _is_pdf),
    "doc": FileKind("file", "application/msword", _OLE),
    "xls": FileKind("file", "application/vnd.ms-excel", _OLE),
    "ppt": FileKind("file", "application/vnd.ms-powerpoint", _OLE),
    "docx": FileKind("file", f"{_OFFICE}wordprocessingml.document", _ZIP),
    "xlsx": FileKind("file", f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    "pptx": FileKind("file", f"{_OFFICE}presentationml.presentation", _ZIP),
    "odt": FileKind("file", f"{_OPEN}text", _ZIP),
    "ods": FileKind("file", f"{_OPEN}spreadsheet", _ZIP),
    "odp": FileKind("file", f"{_OPEN}presentation", _ZIP),
    "epub": FileKind("file", "application/epub+zip", _ZIP),
    "zip": FileKind("file", "application/zip", _ZIP),
    "tar": FileKind("file", "application/x-tar", lambda head: head[257:262] == b"ustar"),
    "tgz": FileKind("file", "application/gzip", _starts(b"\x1f\x8b")),
    "ps": FileKind("file", "application/postscript", _starts(b"%!PS")),
    "rtf": FileKind("file", "application/rtf", _starts(b"{\\rtf")),
    "txt": FileKind("file", "text/plain; charset=utf-8", _is_text),
    "csv": FileKind("file", "text/csv; charset=utf-8", _is_text),
    "cs": FileKind("file", "text/plain; charset=utf-8", _is_text),
    "css": FileKind("file", "text/plain; charset=utf-8", _is_text),
    "xml": FileKind("file", "text/plain; charset=utf-8", _is_text),
    "mp3": FileKind("file", "audio/mpeg", _is_mp3),
    "mp4": FileKind("video", "video/mp4", lambda head: head[4:8] == b"ftyp"),
    "mpeg": FileKind("video", "video/mpeg", _starts(b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")),
    "mpg": FileKind("video", "video/mpeg", _starts(b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")),
    "avi": FileKind("video", "video/x-msvideo", _riff(b"AVI ")),
    "wmv": FileKind("video", "video/x-ms-wmv", _starts(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11")),
}


def find_kind(name: str, head: bytes) -> FileKind | None:
    """Return the kind of a file by its name's ending, when its beginning agrees; else None."""
    kind = KINDS.get(name.rpartition(".")[2].lower())
    return kind if kind and kind.matches(head[:_HEAD]) else None
