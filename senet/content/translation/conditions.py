"""Translates a condition: (eq contact.address1_city 'Kiel') becomes contact.city == 'Kiel'."""

from __future__ import annotations

import re

from senet.content.translation.paths import Loop, Place, Untranslatable, translate_path
from senet.content.translation.vocabulary import Vocabulary

_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "lte": "<=", "gte": ">="}
_ARGUMENT = r"'[^']*'|\"[^\"]*\"|[\w.]+\([^()]*\)(?:\.[\w.]+)?|[^\s()'\"]+"
_COMPARISON = re.compile(rf"\(\s*(\w+)\s+({_ARGUMENT})\s+({_ARGUMENT})\s*\)")
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,12})?")


def translate_condition(text: str, vocabulary: Vocabulary, row: Loop | None) -> tuple[str, list[Place]]:
    """Return a condition of Liquid and the paths in it. Raises: Untranslatable."""
    if not text:
        raise Untranslatable("there is no condition")
    if not text.startswith("("):
        place = translate_path(text, vocabulary, row)
        return _truth(place.path, vocabulary), [place]
    match = _COMPARISON.fullmatch(text)
    if match is None:
        raise Untranslatable("a condition compares two values: (eq contact.firstname 'Anna')")
    operator = _OPERATORS.get(match[1])
    if operator is None:
        known = ", ".join(_OPERATORS)
        raise Untranslatable(f"there is no comparison “{match[1]}”; there are {known}, in small letters")
    left, right = (_operand(side, vocabulary, row) for side in (match[2], match[3]))
    sides = [side for side in (left, right) if isinstance(side, Place)]
    if not sides:
        raise Untranslatable("it compares two constants")
    for side, other in ((left, right), (right, left)):
        if isinstance(side, Place):
            _check_option(side, other, vocabulary)
    written = [side.path if isinstance(side, Place) else side for side in (left, right)]
    return f"{written[0]} {operator} {written[1]}", sides


def _truth(path: str, vocabulary: Vocabulary) -> str:
    """Return what holds where the other language takes a value for true: empty texts and 0 are not, there."""
    kind = vocabulary.kinds.get(path, "")
    if kind == "boolean":
        return path
    if kind in {"text", "choice", "date", "datetime"}:
        return f"{path} and {path} != ''"
    return f"{path} and {path} != '' and {path} != 0"


def _operand(text: str, vocabulary: Vocabulary, row: Loop | None) -> Place | str:
    if text[:1] in {"'", '"'}:
        return text
    if _NUMBER.fullmatch(text) or text in {"true", "false"}:
        return text
    if text == "null":
        return "nil"
    if text[:1].isdigit() or text[:1] == "-":
        raise Untranslatable(f"“{text}” is no number: write decimals with a point and no separators")
    return translate_path(text, vocabulary, row)


def _check_option(side: Place, other: Place | str, vocabulary: Vocabulary) -> None:
    options = vocabulary.options.get(side.path)
    if options is None or isinstance(other, Place) or other in {"nil", "''", '""'}:
        return
    if other.strip("'\"") not in options or other[:1] not in {"'", '"'}:
        shown = ", ".join(options[:10])
        raise Untranslatable(f"options are compared by their value here, not by their number: {shown}")
