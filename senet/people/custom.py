"""Typed custom columns: definitions, and the reading of one value or of a whole record's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from senet.people.models import CustomColumn
from senet.people.normalise import (
    BadValue,
    clean_text,
    parse_boolean,
    parse_date,
    parse_datetime,
    parse_number,
)
from senet.shared.errors import InvalidInput, Problem

KEY_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,62}")
MAX_CUSTOM_TEXT = 4_000
Stored = str | int | float | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A custom column as the readers of values need it."""

    key: str
    kind: str
    options: tuple[str, ...] = ()


def load_definitions(entity: str) -> dict[str, Definition]:
    """Return the custom columns of contacts or companies by key."""
    rows = CustomColumn.objects.filter(entity=entity).order_by("id").values_list("key", "kind", "options")
    return {key: Definition(key, kind, tuple(options)) for key, kind, options in rows}


def _read_choice(definition: Definition, text: str) -> str:
    for option in definition.options:
        if option.casefold() == text.strip().casefold():
            return option
    raise BadValue("not_an_option", f"This is not one of: {', '.join(definition.options[:20])}.")


def _split(text: str) -> list[str]:
    return [part for part in re.split(r"[;|]", text) if part.strip()]


_PARSERS: dict[str, Callable[[str], Stored]] = {
    "text": lambda text: clean_text(text, limit=MAX_CUSTOM_TEXT, breaks=True),
    "number": parse_number,
    "boolean": parse_boolean,
    "date": parse_date,
    "datetime": parse_datetime,
}


def parse_value(definition: Definition, text: str) -> Stored:
    """Read a file's cell. Raises: BadValue."""
    if definition.kind == "choice":
        return _read_choice(definition, text)
    if definition.kind == "choices":
        return list(dict.fromkeys(_read_choice(definition, part) for part in _split(text)))
    return _PARSERS[definition.kind](text)


def check_value(definition: Definition, value: object) -> Stored:
    """Check a JSON value: of its kind already, or a text that can be read as such. Raises: BadValue."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return parse_value(definition, value)
    if definition.kind == "boolean" and isinstance(value, bool):
        return value
    if definition.kind == "number" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return parse_number(str(value))
    if definition.kind == "choices" and isinstance(value, Sequence) and all(isinstance(part, str) for part in value):
        return list(dict.fromkeys(_read_choice(definition, part) for part in value))
    raise BadValue("wrong_kind", f"This column holds a value of the kind {definition.kind}.")


def check_custom(definitions: Mapping[str, Definition], values: Mapping[str, object]) -> dict[str, Stored]:
    """Check a record's custom values; None marks one to remove. Raises: InvalidInput with every problem at once."""
    checked: dict[str, Stored] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        definition = definitions.get(key)
        if definition is None:
            problems.append(Problem("unknown_column", "There is no custom column by that key.", f"custom.{key}"[:200]))
            continue
        try:
            checked[key] = check_value(definition, value)
        except BadValue as error:
            problems.append(Problem(error.code, str(error), f"custom.{key}"))
    if problems:
        raise InvalidInput(
            "Some custom columns hold values that cannot be used.",
            problems=problems,
            **{problem.where: problem.message for problem in problems},
        )
    return checked
