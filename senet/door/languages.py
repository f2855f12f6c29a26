"""The languages of the door's pages. Catalogs: `locale/<language>.po`, by the English sentence; English needs none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

_FOLDER = Path(__file__).parent / "locale"
SOURCE = "en"
NAMES: Mapping[str, str] = {  # as their speakers call them
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
}


def find_language(*wanted: str | None) -> str:
    """Return the first of some languages (de, de-CH, de_CH.UTF-8) in which there are pages; English when none is."""
    for each in wanted:
        language = (each or "").strip().replace("_", "-").partition("-")[0].lower()
        if language in NAMES:
            return language
    return SOURCE


def read_accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header (RFC 9110, 12.5.4), the most wanted first; junk is left out."""
    found: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        name, _, rest = part.strip().partition(";")
        weight = rest.strip().removeprefix("q=") if rest else "1"
        try:
            found.append((float(weight), name))
        except ValueError:
            continue
    return [name for weight, name in sorted(found, key=lambda one: -one[0]) if name and weight > 0]


def mark(text: str) -> str:
    """Return a sentence as it is, and let translators find it: it is said elsewhere."""
    return text


def say(language: str, text: str, **values: str | int) -> str:
    """Return a sentence in a language, with values in the places {like_this}. It is text: escape it for HTML."""
    sentence = text if language == SOURCE else load_catalog(language).get(text, text)
    return sentence.format(**values) if values else sentence


@cache
def load_catalog(language: str) -> Mapping[str, str]:
    """Return a language's sentences by the English ones. Raises: KeyError for a language without pages."""
    if language not in NAMES:
        raise KeyError(language)
    with (_FOLDER / f"{language}.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in catalog if message.id and message.string}
