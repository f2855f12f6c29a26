"""The people and companies of the demo: drawn by a fixed die, so that everybody sees the same ones.

Pure: out come rows of a CSV file, as an operator would import them. A few cannot be mailed, each in a way of its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

COUNT = 5_000
ALREADY_MEMBERS = 3_200  # the others become members while one looks
ARRIVING_WITHIN = timedelta(hours=4)
INTERESTS = ("hiking", "cycling", "kayaking", "climbing", "camping")
TIERS = ("explorer", "ranger", "pathfinder")
INDUSTRIES = ("Retail", "Education", "Health", "Manufacturing", "Public sector", "Software", "Travel")
_DOMAINS = ("example.com", "mail.example.com", "example.net", "post.example.net", "example.org", "inbox.example.org")


@dataclass(frozen=True, slots=True)
class Country:
    """Where some of them live."""

    code: str
    language: str
    calling_code: str
    share: int
    cities: tuple[tuple[str, str, str], ...]  # city, region, time zone
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


COUNTRIES = (
    Country(
        "DE", "de", "49", 24,
        (("Hamburg", "Hamburg", "Europe/Berlin"), ("München", "Bayern", "Europe/Berlin"),
         ("Leipzig", "Sachsen", "Europe/Berlin"), ("Köln", "Nordrhein-Westfalen", "Europe/Berlin")),
        ("Anna", "Lukas", "Marie", "Jonas", "Sophie", "Felix", "Clara", "Paul", "Lena", "Jürgen", "Käthe", "Emil"),
        ("Müller", "Schmidt", "Weber", "Wagner", "Becker", "Schäfer", "Koch", "Richter", "Vogel", "Brandt"),
    ),
    Country(
        "GB", "en-GB", "44", 18,
        (("London", "England", "Europe/London"), ("Leeds", "England", "Europe/London"),
         ("Edinburgh", "Scotland", "Europe/London"), ("Cardiff", "Wales", "Europe/London")),
        ("Olivia", "George", "Amelia", "Harry", "Isla", "Oscar", "Grace", "Arthur", "Freya", "Alfie", "Ivy", "Noah"),
        ("Smith", "Jones", "Taylor", "Brown", "Evans", "Walker", "Hughes", "O'Connor", "Campbell", "Murray"),
    ),
    Country(
        "US", "en-US", "1", 22,
        (("Portland", "Oregon", "America/Los_Angeles"), ("Boulder", "Colorado", "America/Denver"),
         ("Austin", "Texas", "America/Chicago"), ("Burlington", "Vermont", "America/New_York")),
        ("Emma", "Liam", "Ava", "Mason", "Mia", "Ethan", "Zoe", "Logan", "Chloe", "Caleb", "Ruby", "Wyatt"),
        ("Johnson", "Williams", "Garcia", "Miller", "Davis", "Wilson", "Anderson", "Thomas", "Lee", "Nguyen"),
    ),
    Country(
        "FR", "fr", "33", 14,
        (("Paris", "Île-de-France", "Europe/Paris"), ("Lyon", "Auvergne-Rhône-Alpes", "Europe/Paris"),
         ("Annecy", "Auvergne-Rhône-Alpes", "Europe/Paris"), ("Brest", "Bretagne", "Europe/Paris")),
        ("Camille", "Hugo", "Léa", "Louis", "Chloé", "Gabriel", "Inès", "Raphaël", "Manon", "Théo", "Zoé", "Noé"),
        ("Martin", "Bernard", "Dubois", "Robert", "Lefèvre", "Moreau", "Girard", "Rousseau", "Blanc", "Faure"),
    ),
    Country(
        "ES", "es", "34", 10,
        (("Madrid", "Madrid", "Europe/Madrid"), ("Bilbao", "País Vasco", "Europe/Madrid"),
         ("Las Palmas", "Canarias", "Atlantic/Canary")),
        ("Lucía", "Hugo", "María", "Mateo", "Sofía", "Daniel", "Carmen", "Álvaro", "Elena", "Íñigo"),
        ("García", "Fernández", "López", "Sánchez", "Pérez", "Gómez", "Núñez", "Ruiz", "Ortega", "Ibáñez"),
    ),
    Country(
        "SE", "sv", "46", 7,
        (("Stockholm", "Stockholm", "Europe/Stockholm"), ("Umeå", "Västerbotten", "Europe/Stockholm")),
        ("Alice", "Nils", "Maja", "Axel", "Astrid", "Björn", "Ebba", "Lars", "Saga", "Åke"),
        ("Andersson", "Johansson", "Karlsson", "Nilsson", "Lindström", "Berg", "Sjöberg", "Öberg"),
    ),
    Country(
        "JP", "ja", "81", 5,
        (("Tōkyō", "Kantō", "Asia/Tokyo"), ("Sapporo", "Hokkaidō", "Asia/Tokyo")),
        ("Yui", "Haruto", "Sakura", "Ren", "Aoi", "Sōta", "Hina", "Yūto"),
        ("Satō", "Suzuki", "Takahashi", "Tanaka", "Itō", "Yamamoto", "Kobayashi", "Katō"),
    ),
)  # fmt: skip
COMPANIES = (
    "Alder & Sons", "Bluebell Clinics", "Cobalt Software", "Drift Travel", "Eastgate School", "Fjord Foods",
    "Granite Works", "Hazel Books", "Ironbridge Tools", "Juniper Health", "Kestrel Air", "Lighthouse Media",
    "Maple Bank", "Nordlicht Energie", "Orchard Market", "Pinewood Housing", "Quarry Labs", "Riverside Council",
    "Sable Design", "Tidewater Shipping",
)  # fmt: skip
COLUMNS = (
    "external_id", "first_name", "last_name", "email", "mobile_phone", "city", "region", "country", "language",
    "time_zone", "company_external_id", "company", "consent_level", "do_not_bulk_email", "tracking_allowed", "active",
    "birthday", "tier", "interests", "trips", "member_since",
)  # fmt: skip


def list_companies() -> Iterator[dict[str, object]]:
    """Yield the companies."""
    dice = random.Random(11)  # noqa: S311  a play, not a secret
    for number, name in enumerate(COMPANIES, start=1):
        country = dice.choice(COUNTRIES)
        yield {
            "external_id": f"demo-company-{number}",
            "name": name,
            "industry": dice.choice(INDUSTRIES),
            "employees": dice.choice((12, 40, 85, 220, 900, 4000)),
            "country": country.code,
            "city": dice.choice(country.cities)[0],
        }


def list_contacts(now: datetime, count: int = COUNT) -> Iterator[Mapping[str, str]]:
    """Yield the contacts as the cells of a file; memberships begin around `now`."""
    dice = random.Random(5)  # noqa: S311  as above
    shares = [country.share for country in COUNTRIES]
    for number in range(1, count + 1):
        country = dice.choices(COUNTRIES, shares)[0]
        yield _draw_contact(dice, number, country, now, count)


def _draw_contact(dice: random.Random, number: int, country: Country, now: datetime, count: int) -> Mapping[str, str]:
    first, last = dice.choice(country.first_names), dice.choice(country.last_names)
    city, region, zone = dice.choice(country.cities)
    company = dice.randrange(len(COMPANIES)) + 1 if dice.random() < 0.4 else 0
    return {
        "external_id": f"demo-{number}",
        "first_name": first,
        "last_name": last,
        "email": _make_address(dice, first, last, number),
        "mobile_phone": f"+{country.calling_code}{dice.randrange(10**8, 10**9)}" if dice.random() < 0.1 else "",
        "city": city,
        "region": region,
        "country": country.code,
        "language": country.language,
        "time_zone": zone,
        "company_external_id": f"demo-company-{company}" if company else "",
        "company": COMPANIES[company - 1] if company else "",
        "consent_level": str(dice.choices((2, 3, 4, 5), (4, 16, 50, 30))[0]),
        "do_not_bulk_email": "yes" if dice.random() < 0.012 else "no",
        "tracking_allowed": "no" if dice.random() < 0.02 else "yes",
        "active": "no" if dice.random() < 0.006 else "yes",
        "birthday": (date(1946, 1, 1) + timedelta(days=dice.randrange(22_000))).isoformat(),
        "tier": dice.choices(TIERS, (60, 28, 12))[0],
        "interests": "; ".join(sorted(dice.sample(INTERESTS, dice.choice((1, 1, 2, 2, 3))))),
        "trips": str(int(dice.expovariate(0.4))),
        "member_since": _make_beginning(dice, number, now, count),
    }


def _make_address(dice: random.Random, first: str, last: str, number: int) -> str:
    """An address at a reserved domain; some of them bounce (see `rules.py`), a few are missing."""
    chance = dice.random()
    kinds = ((0.010, "+bounce"), (0.017, "+full"), (0.021, "+blocked"), (0.033, "+greylist"))
    trouble = next((kind for limit, kind in kinds if chance < limit), "")
    if 0.033 <= chance < 0.036:
        return ""
    name = _simplify(f"{first}.{last}") or "reader"
    return f"{name}{number}{trouble}@{dice.choice(_DOMAINS)}"


_PLAIN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "a", "é": "e", "è": "e", "ë": "e", "ï": "i", "í": "i", "á": "a", "ú": "u",
     "ñ": "n", "ó": "o", "ō": "o", "ū": "u", "ß": "ss"}
)  # fmt: skip


def _simplify(name: str) -> str:
    text = name.lower().translate(_PLAIN)
    return "".join(letter for letter in text if letter == "." or (letter.isascii() and letter.isalnum()))


def _make_beginning(dice: random.Random, number: int, now: datetime, count: int) -> str:
    """When a membership began, or will: the last ones begin while one looks."""
    if number <= count * ALREADY_MEMBERS // COUNT:
        began = now - timedelta(minutes=dice.randrange(1, 30 * 24 * 60))
    else:
        began = now + ARRIVING_WITHIN * dice.random()
    return began.isoformat(timespec="seconds").replace("+00:00", "Z")
