"""One rule a kind of value, for the API and for imports alike: text goes in, the stored form comes out.

Each function raises `BadValue` with a sentence. None of them asks a database; the slow ones remember what they saw.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale
from babel.core import get_global

MAX_EMAIL = 254
MAX_TEXT = 1_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\r\n]+ *")
_CONTROL_BUT_BREAKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ATOM = r"[^\s@\"(),:;<>\[\]\\.\x00-\x1f\x7f-\x9f\ud800-\udfff]"
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_TOP = r"[^\W\d_](?:(?:[^\W_]|-){0,61}[^\W_])"
# RFC 5321's shape without quoted local parts: they exist on paper, and in the hands of those who inject headers.
EMAIL_SHAPE = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}+(?:\.{_ATOM}+)*@(?:{_LABEL}\.)+{_TOP}")
_NOT_DIGITS = re.compile(r"[\s().\-/\u00a0]+")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")
_TRUE = frozenset({"true", "yes", "y", "1", "on", "t", "ja", "oui", "si", "sí", "x"})
_FALSE = frozenset({"false", "no", "n", "0", "off", "f", "nein", "non"})
_NAMES_FROM = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "ja")


class BadValue(ValueError):  # noqa: N818  reads as the sentence it is
    """A value that cannot be kept; the message is a sentence for the person who sent it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def clean_text(text: str, *, limit: int = MAX_TEXT, breaks: bool = False) -> str:
    """Return a text without blanks around it and, but for `breaks`, on one line.

    Raises: BadValue on control characters or too many letters.
    """
    text = text.strip()
    if not breaks:
        text = _BREAKS.sub(" ", text)
    if len(text) > limit:
        raise BadValue("too_long", f"The text is longer than {limit:,} characters.")
    if (_CONTROL_BUT_BREAKS if breaks else _CONTROL).search(text):
        raise BadValue("control_characters", "The text holds control characters.")
    return text


def has_control_characters(text: str) -> bool:
    """Say whether a text (of a whole column, for speed) holds a control character anywhere."""
    return _CONTROL.search(text) is not None


def normalise_email(text: str) -> str:
    """Return an address as it is kept: trimmed, letters as they came. Raises: BadValue."""
    text = text.strip()
    if len(text) > MAX_EMAIL:
        raise BadValue("email_too_long", f"An email address has at most {MAX_EMAIL} characters.")
    if EMAIL_SHAPE.fullmatch(text) is None:
        raise BadValue("email_invalid", "This is not an email address.")
    return text


def normalise_phone(text: str, country: str = "") -> str:
    """Return a phone number in E.164; a national number needs the country. Raises: BadValue."""
    digits = _NOT_DIGITS.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if _INTERNATIONAL.fullmatch(digits) and _has_calling_code(digits):
        return digits
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException as error:
        raise BadValue(
            "phone_invalid", "This is not a phone number; write it with + and the country's code."
        ) from error
    if not phonenumbers.is_possible_number(number):
        raise BadValue("phone_invalid", "This phone number has too many or too few digits.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _has_calling_code(digits: str) -> bool:
    return any(int(digits[1:end]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE for end in (2, 3, 4))


@cache
def _countries() -> dict[str, str]:
    """Every way to write a country that we know: codes of two and three letters, names in several languages."""
    english = Locale.parse("en").territories
    known = {str(code) for code in english if re.fullmatch("[A-Z]{2}", str(code))} - {"ZZ", "EU", "UN", "EZ"}
    table = {
        alias.casefold(): codes[0]
        for alias, codes in get_global("territory_aliases").items()
        if len(codes) == 1 and codes[0] in known and alias.isalpha()
    }
    for language in reversed(_NAMES_FROM):
        for code, name in Locale.parse(language).territories.items():
            if code in known:
                table[str(name).casefold()] = str(code)
    table |= {code.casefold(): code for code in known}
    by_habit = {"uk": "GB", "u.s.a.": "US", "u.s.": "US", "england": "GB", "scotland": "GB", "wales": "GB"}
    return table | by_habit


def normalise_country(text: str) -> str:
    """Return ISO 3166 alpha-2 for a code or a name. Raises: BadValue."""
    found = _countries().get(text.strip().casefold())
    if found is None:
        raise BadValue("country_unknown", "This is no country we know; use its code of two letters.")
    return found


@cache
def _languages() -> dict[str, str]:
    table: dict[str, str] = {}
    for language in reversed(_NAMES_FROM):
        locale = Locale.parse(language)
        table |= {name.casefold(): code.replace("_", "-") for code, name in locale.languages.items()}
        own_name = locale.get_display_name(language)
        if own_name:
            table[own_name.casefold()] = language
    return table


_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)


@lru_cache(maxsize=10_000)
def normalise_language(text: str) -> str:
    """Return a BCP 47 tag (`de`, `pt-BR`, `zh-Hant-TW`) for a tag or a language's name. Raises: BadValue."""
    text = text.strip()
    match = _LANGUAGE_TAG.fullmatch(text)
    if match is not None and match[1].lower() in Locale.parse("en").languages:
        script, region = (match[2] or "").title(), (match[3] or "").upper()
        return "-".join(part for part in (match[1].lower(), script, region) if part)
    found = _languages().get(text.casefold())
    if found is None:
        raise BadValue("language_unknown", "This is no language we know; use a tag such as de or pt-BR.")
    return found


@cache
def _time_zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def normalise_time_zone(text: str) -> str:
    """Return an IANA time zone's name as it is spelled. Raises: BadValue."""
    found = _time_zones().get(text.strip().casefold().replace(" ", "_"))
    if found is None:
        raise BadValue("time_zone_unknown", "This is no time zone we know; use a name such as Europe/Berlin.")
    return found


def parse_boolean(text: str) -> bool:
    """Read yes or no. Raises: BadValue."""
    word = text.strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadValue("not_boolean", "This is neither yes nor no.")


def parse_number(text: str) -> int | float:
    """Read a number with a point as its decimal sign. Raises: BadValue."""
    text = text.strip()
    if re.fullmatch(r"[+-]?[0-9]{0,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?", text) is None or not text:
        raise BadValue("not_number", "This is not a number; write 1234.5.")
    try:
        number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,15}", text) else float(text)
    except ValueError as error:
        raise BadValue("not_number", "This is not a number; write 1234.5.") from error
    if not -1e15 < number < 1e15:  # also refuses nan and the infinities
        raise BadValue("not_number", "This number is too big, or is none.")
    return number


def parse_date(text: str) -> str:
    """Read 2026-12-31 or 31.12.2026; return the former. Raises: BadValue."""
    text = text.strip()
    if dotted := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text):
        text = f"{dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}"
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
            raise ValueError  # noqa: TRY301  weeks and days of the year are no date that a person writes
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadValue("not_date", "This is not a date; write 2026-12-31.") from error


def parse_datetime(text: str) -> str:
    """Read an ISO 8601 time; without a zone it is UTC. Returns it in UTC. Raises: BadValue."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadValue("not_datetime", "This is not a time; write 2026-12-31T23:59:00Z.") from error
    return moment.isoformat().replace("+00:00", "Z")


def parse_consent_level(text: str) -> int:
    """Read a consent level, 0 (none) to 5 (profiling). Raises: BadValue."""
    if re.fullmatch(r"[0-5]", text.strip()) is None:
        raise BadValue("consent_level_invalid", "A consent level is a number from 0 to 5.")
    return int(text)
