"""Whom a message is written for, as far as dates and numbers go: their language and their time zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from senet.shared.clock import find_zone

_MAX_NAME = 64  # of a language: longer ones are no such names, and are not kept
_ENGLISH = Locale("en")


@dataclass(frozen=True, slots=True)
class Reader:
    """The language and the zone that dates and numbers are written in."""

    locale: Locale = _ENGLISH
    zone: tzinfo = UTC


def find_reader(contact: object, fallback: str = "en") -> Reader:
    """Return how a contact reads: in their language, else in `fallback`, else in English; in their zone, else UTC."""
    values = contact if isinstance(contact, Mapping) else {}
    locale = find_locale(str(values.get("language") or "")) or find_locale(fallback) or _ENGLISH
    return Reader(locale, find_zone(str(values.get("time_zone") or "").strip()) or UTC)


def list_languages(tag: str) -> tuple[str, ...]:
    """Return a language tag and the wider ones it stands for: “de-CH” and “de”."""
    plain = tag.strip().replace("_", "-").lower()
    parts = plain.split("-")[:8]
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1)) if plain else ()


def find_locale(tag: str) -> Locale | None:
    """Return the locale of a language tag such as “pt-BR”, of its language alone, or None."""
    return _find_locale(tag) if 0 < len(tag) <= _MAX_NAME else None


@lru_cache(maxsize=512)
def _find_locale(tag: str) -> Locale | None:
    parts = tag.strip().replace("_", "-").split("-")
    for name in dict.fromkeys(("-".join(parts), parts[0])):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return None
