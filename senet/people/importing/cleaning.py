"""Turns a chunk of raw rows into stored values, a whole column at a time, and says what is wrong with which row.

A column is walked by one comprehension whose work is a dictionary look-up (countries, languages, yes and no repeat a
million times) or one regular expression, so that a million rows cost seconds.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from senet.people.columns import CONTACT_COLUMN, Column
from senet.people.custom import Definition, Stored, parse_value
from senet.people.importing.file import Row
from senet.people.importing.mapping import Places
from senet.people.normalise import (
    EMAIL_SHAPE,
    MAX_EMAIL,
    BadValue,
    clean_text,
    has_control_characters,
    normalise_country,
    normalise_email,
    normalise_language,
    normalise_phone,
    normalise_time_zone,
    parse_boolean,
    parse_consent_level,
)
from senet.shared.csv_export import restore

Reason = tuple[str, str, str]  # code, column, sentence
Cell = str | None

STAGED = (
    "external_id", "first_name", "last_name", "email", "mobile_phone", "street", "city", "region", "postal_code",
    "country", "language", "time_zone", "company", "company_external_id", "consent_level", "do_not_email",
    "do_not_bulk_email", "tracking_allowed", "active",
)  # fmt: skip


@dataclass(slots=True)
class CleanChunk:
    """Rows that may be loaded, as the staging table has them, and the others with their reasons."""

    size: int
    last_line: int
    rows: list[tuple[Cell | int, ...]]
    rejected: dict[int, list[Reason]] = field(default_factory=dict)


class _Memo(dict[str, Cell]):
    """Remembers how each distinct text of a column reads; a text that cannot be read becomes its BadValue."""

    def __init__(self, read: Callable[[str], object]) -> None:
        super().__init__({"": None})
        self._read = read
        self.bad: dict[str, BadValue] = {}

    def trim(self) -> None:
        """Forget, between two chunks, when the column hardly repeats itself: memory stays flat."""
        if len(self) > 50_000:
            self.clear()
            self.bad.clear()
            self[""] = None

    def __missing__(self, text: str) -> Cell:
        value: Cell = None
        if text.strip():
            try:
                value = _store(self._read(text))
            except BadValue as error:
                self.bad[text] = error
        self[text] = value
        return value


def _store(value: object) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


_READERS: dict[str, Callable[[str], object]] = {
    "country": normalise_country,
    "language": normalise_language,
    "time_zone": normalise_time_zone,
    "boolean": parse_boolean,
    "consent": parse_consent_level,
}


class Cleaner:
    """Cleans chunk after chunk of one file; what it learned of a column's values serves the next chunk."""

    def __init__(self, places: Places, *, key: str, width: int, definitions: dict[str, Definition]) -> None:
        self._places = places
        self._key = key
        self._width = width
        self._definitions = definitions
        self._memos = {
            name: _Memo(_READERS[CONTACT_COLUMN[name].kind])
            for name in places.built_in
            if CONTACT_COLUMN[name].kind in _READERS
        }
        self._custom_memos = {key: _JsonMemo(definitions[key]) for key in places.custom}

    def clean(self, rows: Sequence[Row]) -> CleanChunk:
        """Return a chunk's rows in the staging table's order, without those that cannot be kept."""
        for memo in (*self._memos.values(), *self._custom_memos.values()):
            memo.trim()
        problems: dict[int, list[Reason]] = defaultdict(list)
        for number, (_, cells) in enumerate(rows):
            if len(cells) > self._width and any(cells[self._width :]):
                count = f"{len(cells)} values, but there are {self._width} headings"
                problems[number].append(("too_many_columns", "", f"The row has {count}."))
        columns: dict[str, Sequence[Cell]] = {}
        for name, place in self._places.built_in.items():
            raw = [restore(cells[place]) for _, cells in rows]
            if CONTACT_COLUMN[name].kind != "phone":
                columns[name] = self._clean_column(CONTACT_COLUMN[name], raw, problems)
        if "mobile_phone" in self._places.built_in:
            raw = [restore(cells[self._places.built_in["mobile_phone"]]) for _, cells in rows]
            columns["mobile_phone"] = _clean_phones(raw, columns.get("country"), problems)
        for number, value in enumerate(columns[self._key]):
            if value is None and number not in problems:
                problems[number].append(("key_missing", self._key, f"The row has no {self._key}."))
        custom = self._clean_custom(rows, problems)
        staged = zip(
            [line for line, _ in rows], *(columns.get(name, repeat(None)) for name in STAGED), custom, strict=False
        )
        kept = [row for number, row in enumerate(staged) if number not in problems] if problems else list(staged)
        return CleanChunk(
            len(rows), rows[-1][0], kept, {rows[number][0]: reasons for number, reasons in problems.items()}
        )

    def _clean_column(self, column: Column, raw: Sequence[str], problems: dict[int, list[Reason]]) -> Sequence[Cell]:
        if column.kind == "email":
            return _clean_emails(raw, problems)
        if column.kind == "text":
            return _clean_texts(raw, column, problems)
        memo = self._memos[column.name]
        values = [memo[text] for text in raw]
        if memo.bad:
            _note(column.name, raw, memo.bad, problems)
        return values

    def _clean_custom(self, rows: Sequence[Row], problems: dict[int, list[Reason]]) -> Sequence[Cell]:
        if not self._places.custom:
            return [None] * len(rows)
        parts: list[list[Cell]] = []
        for key, place in self._places.custom.items():
            memo = self._custom_memos[key]
            raw = [cells[place] for _, cells in rows]
            parts.append([memo[text] for text in raw])
            if memo.bad:
                _note(f"custom.{key}", raw, memo.bad, problems)
        return ["{" + ",".join(part for part in row if part is not None) + "}" for row in zip(*parts, strict=True)]


class _JsonMemo(_Memo):
    """Reads a custom column's text into a member of a JSON object: `"key": value`."""

    def __init__(self, definition: Definition) -> None:
        label = json.dumps(definition.key)

        def read(text: str) -> str:
            value: Stored = parse_value(definition, text)
            return f"{label}:{json.dumps(value, ensure_ascii=False)}"

        super().__init__(read)


def _note(name: str, raw: Sequence[str], bad: dict[str, BadValue], problems: dict[int, list[Reason]]) -> None:
    for number, text in enumerate(raw):
        if text in bad:
            problems[number].append((bad[text].code, name, str(bad[text])))


def _clean_emails(raw: Sequence[str], problems: dict[int, list[Reason]]) -> Sequence[Cell]:
    fits = EMAIL_SHAPE.fullmatch
    values: list[Cell] = [text if fits(text) and len(text) <= MAX_EMAIL else None for text in raw]
    for number, value in enumerate(values):
        if value is None and raw[number].strip():
            try:
                values[number] = normalise_email(raw[number])
            except BadValue as error:
                problems[number].append((error.code, "email", str(error)))
    return values


def _clean_texts(raw: Sequence[str], column: Column, problems: dict[int, list[Reason]]) -> Sequence[Cell]:
    values: list[Cell] = [text.strip() or None for text in raw]
    if max(map(len, raw), default=0) <= column.limit and not has_control_characters("".join(raw)):
        return values
    for number, text in enumerate(raw):
        try:
            values[number] = clean_text(text, limit=column.limit) or None
        except BadValue as error:
            problems[number].append((error.code, column.name, str(error)))
    return values


def _clean_phones(
    raw: Sequence[str], countries: Sequence[Cell] | None, problems: dict[int, list[Reason]]
) -> Sequence[Cell]:
    values: list[Cell] = [None] * len(raw)
    for number, text in enumerate(raw):
        if text and not text.isspace():
            try:
                values[number] = normalise_phone(text, (countries[number] if countries else None) or "")
            except BadValue as error:
                problems[number].append((error.code, "mobile_phone", str(error)))
    return values
