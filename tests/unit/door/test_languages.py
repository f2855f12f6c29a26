"""The door's pages in other languages: every sentence is there, with the same places for values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import senet.door
from senet.door.languages import NAMES, SOURCE, find_language, load_catalog, read_accepted, say
from senet.people.consent import LEVELS

OTHERS = sorted(NAMES.keys() - {SOURCE})
_PLACE = {"say": 1, "say_html": 1, "mark": 0}  # of the sentence among the arguments


def find_sentences() -> set[str]:
    """Return what the door's code says, wherever it says it."""
    assert senet.door.__file__
    found = set(LEVELS.values())
    for path in Path(senet.door.__file__).parent.glob("*.py"):
        found |= set(_find_in(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _find_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = _PLACE.get(name)
        if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
            yield str(ast.literal_eval(node.args[place]))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_no_translation_is_left_over(language: str) -> None:
    sentences = find_sentences()
    assert len(sentences) > 80
    catalog = load_catalog(language)
    assert sentences == catalog.keys()
    for sentence, translated in catalog.items():
        assert set(re.findall(r"{\w*}", sentence)) == set(re.findall(r"{\w*}", translated)), sentence


def test_the_nearest_language_is_found() -> None:
    assert find_language("de-CH") == find_language("de_AT.UTF-8") == find_language("DE") == "de"
    assert find_language("pt-BR", "fr") == "fr"
    assert find_language("", None, "xx") == "en"
    assert find_language("de", "fr") == "de"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", ["fr-CH", "fr", "en", "de", "*"]),
        ("da, en-gb;q=0.8, de;q=0.9", ["da", "de", "en-gb"]),
        ("it;q=0, nl;q=junk, es", ["es"]),
        ("de;q=nan, " * 10_000, []),
    ],
)
def test_a_browser_says_which_language_it_wants(header: str, expected: list[str]) -> None:
    assert read_accepted(header) == expected


def test_values_are_not_read_as_places() -> None:
    assert say("de", "Address: {address}", address="{what}{0.__class__}") == "Adresse: {what}{0.__class__}"
    assert say("de", "Something {that} nobody has translated") == "Something {that} nobody has translated"
