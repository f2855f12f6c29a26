"""Opens a CSV file of any size: encoding, delimiter, headings, rows with their line numbers. Memory stays flat.

A file is walked once before anything is written: whatever makes it unreadable is found then, and nothing is imported.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO

from senet.people.errors import BadFile

MAX_CELL = csv.field_size_limit()  # 131,072 characters
MAX_LINE = 1_000_000
MAX_COLUMNS = 1_000
DELIMITERS = (",", ";", "\t")  # tried on the headings
ALLOWED_DELIMITERS = (*DELIMITERS, "|")
ENCODINGS = frozenset({
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254",
    "iso8859-1", "iso8859-2", "iso8859-9", "iso8859-15", "shift_jis", "euc_jp", "euc_kr", "gb18030", "big5", "koi8-r",
    "cp1257", "mac-roman",
})  # fmt: skip
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_CSV = ((b"PK\x03\x04", "a spreadsheet or a zip archive"), (b"%PDF", "a PDF"), (b"\x1f\x8b", "compressed"))
_READ_BYTES = 1 << 20

Row = tuple[int, list[str]]  # the line it begins on, its cells


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file that can be read, and how."""

    path: Path
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def open_csv(path: Path, *, encoding: str = "", delimiter: str = "") -> CsvFile:
    """Find out how a file is to be read. Raises: BadFile."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise BadFile("The file is not kept here any more.") from error
    if not start:
        raise BadFile("The file is empty.")
    for mark, name in _NOT_CSV:
        if start.startswith(mark):
            raise BadFile(f"This file is {name}, not CSV. Save it as CSV (UTF-8) and try again.")
    if delimiter and delimiter not in ALLOWED_DELIMITERS:
        raise BadFile("Values are separated by a comma, a semicolon, a tab or a bar.")
    warnings: list[str] = []
    encoding = _check_encoding(encoding) if encoding else _find_encoding(path, start, warnings)
    delimiter = delimiter or _find_delimiter(path, encoding)
    headings = _read_headings(path, encoding, delimiter)
    return CsvFile(path, encoding, delimiter, headings, tuple(warnings))


def read_rows(file: CsvFile, *, after_line: int = 0) -> Iterator[Row]:
    """Yield the rows below the headings, empty lines left out. Raises: BadFile where the file cannot be read on."""
    with _open_text(file.path, file.encoding) as text:
        rows = _parse(text, file.delimiter)
        next(rows, None)
        width = len(file.headings)
        for line, cells in rows:
            if line <= after_line or not any(cells):
                continue
            if len(cells) < width:
                cells += [""] * (width - len(cells))  # noqa: PLW2901  spreadsheets leave trailing empty cells out
            yield line, cells


def count_rows(file: CsvFile) -> int:
    """Walk the whole file and return how many rows it has. Raises: BadFile, before anything was written."""
    total = sum(1 for _ in read_rows(file))
    if not total:
        raise BadFile("The file has headings, but no row below them.")
    return total


def _parse(text: TextIO, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_guard(text), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(_explain(str(error), line), line=line) from error
    except UnicodeError as error:
        raise BadFile(f"Around line {line} there are bytes that are not text in this encoding.", line=line) from error


def _explain(error: str, line: int) -> str:
    if "unexpected end of data" in error:
        return f'The row that begins on line {line} opens a quote (") that is never closed.'
    if "field larger than field limit" in error:
        return (
            f"The row that begins on line {line} has a value of more than {MAX_CELL:,} characters. Is a quote missing?"
        )
    if "expected after" in error:
        return f'On line {line} text follows a closing quote ("). Write a quote inside a value twice.'
    return f"Line {line} cannot be read: {error}."


def _guard(text: TextIO) -> Iterator[str]:
    """Yield physical lines, none so long that it fills the memory, none with NUL characters."""
    number = 0
    while line := text.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise BadFile(f"Line {number} is longer than {MAX_LINE:,} characters.", line=number)
        if "\0" in line:
            raise BadFile(f"Line {number} holds NUL bytes: this is not a text file.", line=number)
        yield line


@contextmanager
def _open_text(path: Path, encoding: str) -> Iterator[TextIO]:
    with path.open("r", encoding=encoding, newline="") as file:
        yield file


def _check_encoding(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if name not in ENCODINGS:
        raise BadFile("This encoding is not known here; try utf-8, utf-16 or latin-1.", encoding=encoding[:40])
    return name


def _find_encoding(path: Path, start: bytes, warnings: list[str]) -> str:
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    with path.open("rb") as file:
        if _is_utf8(file):
            return "utf-8"
    warnings.append("The file is not UTF-8. It was read as Latin-1: look at a few names with accents.")
    return "cp1252" if _can_decode(path, "cp1252") else "latin-1"


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_READ_BYTES):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _can_decode(path: Path, encoding: str) -> bool:
    try:
        with path.open("r", encoding=encoding, newline="") as file:
            while file.read(_READ_BYTES):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _find_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that cuts the headings into the most columns."""
    with _open_text(path, encoding) as text:
        try:
            first = next(_guard(text), "")
        except UnicodeError as error:
            raise BadFile("The first line is not text in this encoding.") from error
    counts = {delimiter: _count_cells(first, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter])


def _count_cells(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _read_headings(path: Path, encoding: str, delimiter: str) -> tuple[str, ...]:
    with _open_text(path, encoding) as text:
        _, cells = next(_parse(text, delimiter), (1, []))
    headings = [cell.strip() for cell in cells]
    if not any(headings):
        raise BadFile("The first line has no headings.")
    if len(headings) > MAX_COLUMNS:
        raise BadFile(f"The file has {len(headings):,} columns; at most {MAX_COLUMNS:,} can be read.")
    while headings and not headings[-1]:
        headings.pop()
    if not all(headings):
        raise BadFile(f"Column {headings.index('') + 1} has no heading.")
    if any("@" in heading for heading in headings):
        raise BadFile("The first line holds an email address: it looks like data. Put a line of headings above it.")
    seen = Counter(heading.casefold() for heading in headings)
    twice = sorted({heading for heading in headings if seen[heading.casefold()] > 1})
    if twice:
        raise BadFile(f"Several columns have the same heading: {', '.join(twice)[:200]}.")
    return tuple(headings)
