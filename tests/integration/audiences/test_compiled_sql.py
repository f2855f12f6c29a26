"""What the compiled SQL finds on real rows is what a plain reading of the definition finds."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from senet.audiences.check import check_definition
from senet.audiences.compiler import compile_definition
from senet.audiences.definition import parse_definition
from senet.audiences.evaluation import fetch_filled
from senet.audiences.fields import Field, load_catalogue
from senet.audiences.operators import OPERATORS, Kind, Needs, Usage
from senet.people.models import Company, Contact, CustomColumn
from tests.integration.audiences.evaluator import World, matches
from tests.support.accounts import main_unit
from tests.support.audiences import all_of, clause, make_list, make_segment

pytestmark = pytest.mark.django_db
WORDS = [
    "",
    "Anna",
    "ANNA",
    "ann",
    "Zoë",
    "o'Brien",
    "100%",
    "a_b",
    "a\\b",
    "ÄPFEL",
    "äpfel",
    "  ",
    "日本",
    "a\nb",
    "''",
]
CUSTOM = {
    "nick": Kind.TEXT,
    "points": Kind.NUMBER,
    "vip": Kind.BOOLEAN,
    "birthday": Kind.DATE,
    "seen_at": Kind.DATETIME,
    "tier": Kind.CHOICE,
    "tags": Kind.CHOICES,
}
OPTIONS = ["gold", "tin", "x'y"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"]
NOWS = [
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 59, 59, 999999, tzinfo=UTC),
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2025, 2, 28, 23, 59, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
]
DATES = ["2024-02-29", "2025-02-28", "2026-03-29", "2026-03-28", "2025-12-31", "2026-01-01", "1990-03-01", "2026-11-01"]
JUNK: list[Any] = [
    None,
    "",
    "nonsense",
    "2023-02-29",
    "2023-13-01",
    "0000-00-00",
    [],
    {},
    "99999-01-01",
    "2026-03-29T25:00:00Z",
]


def _moment(dice: random.Random) -> datetime:
    steps = [timedelta(), timedelta(hours=1), timedelta(days=1), timedelta(days=31), timedelta(microseconds=1)]
    return dice.choice(NOWS) + dice.choice([-1, 1]) * dice.choice(steps) * dice.randint(0, 3)


def _custom(dice: random.Random) -> dict[str, Any]:
    values: dict[str, Any] = {
        "nick": dice.choice([*WORDS, 5]),
        "points": dice.choice([-1, 0, 1, 2.5, 10**12, "3", True]),
        "vip": dice.choice([True, False, "true", 1]),
        "birthday": dice.choice([*DATES, *JUNK]),
        "seen_at": dice.choice([_moment(dice).isoformat(), _moment(dice).isoformat().replace("+00:00", "Z"), *JUNK]),
        "tier": dice.choice([*OPTIONS, ""]),
        "tags": dice.choice([[], ["gold"], ["gold", "tin"], ["x'y"], "gold", 3]),
    }
    return {key: value for key, value in values.items() if dice.random() < 0.8}


@pytest.fixture
def world() -> tuple[World, list[dict[str, Any]]]:
    """Sixty people of all kinds, two segments and a list of some of them."""
    dice = random.Random(7)
    for key, kind in CUSTOM.items():
        CustomColumn.objects.create(
            entity="contact", key=key, label=key, kind=kind, options=OPTIONS if kind in ("choice", "choices") else []
        )
    CustomColumn.objects.create(entity="company", key="plan", label="Plan", kind="text")
    companies = [
        Company.objects.create(
            name=dice.choice(WORDS),
            industry=dice.choice(WORDS),
            employees=dice.choice([None, 0, 10]),
            custom={"plan": dice.choice(WORDS)} if number else {},
            business_unit=main_unit(),
        )
        for number in range(6)
    ]
    people = []
    for _ in range(60):
        company = dice.choice([None, *companies])
        made = Contact.objects.create(
            first_name=dice.choice(WORDS),
            email=dice.choice(WORDS),
            external_id=None,
            consent_level=dice.randint(0, 5),
            do_not_email=dice.random() < 0.5,
            company=company,
            custom=_custom(dice),
            business_unit=main_unit(),
        )
        Contact.objects.filter(pk=made.pk).update(created_at=_moment(dice))
        made.refresh_from_db()
        people.append(_describe(made))
    ids = [one["id"] for one in people]
    groups = [set(dice.sample(ids, 20)) for _ in range(3)]
    first, second = (make_segment(sorted(group)).pk for group in groups[:2])
    on_list = make_list(sorted(groups[2])).pk
    catalogue = load_catalogue()
    segments = {first: groups[0], second: groups[1]}
    return World(catalogue, ZoneInfo("UTC"), NOWS[0], segments, {on_list: groups[2]}), people


def _describe(contact: Contact) -> dict[str, Any]:
    columns: dict[str, Any] = {"id": contact.pk}
    for name in ("first_name", "email", "external_id", "consent_level", "do_not_email", "company_id", "created_at"):
        columns[f"contact.{name}"] = getattr(contact, name)
    columns |= {f"contact.custom.{key}": _as_text(key, value) for key, value in contact.custom.items()}
    if contact.company is not None:
        for name in ("name", "industry", "employees"):
            columns[f"company.{name}"] = getattr(contact.company, name)
        columns["company.custom.plan"] = contact.company.custom.get("plan")
    return columns


def _as_text(key: str, value: Any) -> Any:
    """A text column that holds a number is read as its digits."""
    return str(value) if key == "nick" and value is not None else value


ASKED = [
    "contact.first_name",
    "contact.email",
    "contact.external_id",
    "contact.consent_level",
    "contact.do_not_email",
    "contact.company_id",
    "contact.created_at",
    "company.name",
    "company.employees",
    "company.custom.plan",
    *[f"contact.custom.{key}" for key in CUSTOM],
]


def _values(field: Field, usage: Usage, record_ids: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    one: st.SearchStrategy[Any]
    match field.kind:
        case Kind.NUMBER:
            one = st.sampled_from([-1, 0, 1, 2, 2.5, 3, 10, 10**12])
        case Kind.DATE | Kind.DATETIME:
            one = st.sampled_from(DATES)
        case Kind.CHOICE | Kind.CHOICES:
            one = st.sampled_from(OPTIONS)
        case Kind.RECORD:
            one = st.sampled_from(record_ids)
        case _:
            one = st.sampled_from([word for word in WORDS if word])
    if usage.operator == "anniversary_month":
        one = st.integers(1, 12)
    match usage.needs:
        case Needs.NOTHING:
            return st.just({})
        case Needs.VALUE:
            return one.map(lambda value: {"values": [value]})
        case Needs.VALUES:
            return st.lists(one, min_size=1, max_size=3).map(lambda values: {"values": values})
        case Needs.TWO:
            return st.tuples(one, one).map(lambda pair: {"values": sorted(pair)})
        case Needs.SPAN:
            units = st.sampled_from(["days", "weeks", "months", "years"])
            return st.tuples(st.integers(0, 13), units).map(lambda pair: {"amount": pair[0], "unit": pair[1]})
        case Needs.DAYS:
            return st.integers(0, 400).map(lambda amount: {"amount": amount})


def trees(world: World, record_ids: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    """Definitions over everything there is."""

    def clauses(key: str) -> st.SearchStrategy[dict[str, Any]]:
        field = world.fields[key]
        return st.sampled_from(list(OPERATORS[field.kind])).flatmap(
            lambda usage: _values(field, usage, record_ids).map(
                lambda more: {"kind": "clause", "field": key, "operator": usage.operator.value, **more}
            )
        )

    memberships = st.builds(
        lambda pair, inside: {"kind": "membership", "audience": pair[0], "ids": [pair[1]], "containment": inside},
        st.sampled_from([*(("segment", one) for one in world.segments), *(("list", one) for one in world.lists)]),
        st.sampled_from(["in", "not_in"]),
    )
    leaves = st.one_of(st.sampled_from(ASKED).flatmap(clauses), st.sampled_from(ASKED).flatmap(clauses), memberships)
    groups = st.recursive(
        leaves,
        lambda inner: st.builds(
            lambda join, negate, items: {"kind": "group", "join": join, "negate": negate, "items": items},
            st.sampled_from(["and", "or"]),
            st.booleans(),
            st.lists(inner, min_size=1, max_size=3),
        ),
        max_leaves=8,
    )
    return groups.map(lambda tree: tree if tree["kind"] == "group" else all_of(tree))


def test_sql_and_python_agree_about_everybody(world: tuple[World, list[dict[str, Any]]]) -> None:
    given_world, people = world
    record_ids = sorted({one["contact.company_id"] for one in people if one["contact.company_id"]})

    @given(trees(given_world, record_ids), st.sampled_from(ZONES), st.sampled_from(NOWS))
    @settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
    def agree(tree: dict[str, Any], zone: str, now: datetime) -> None:
        here = World(given_world.fields, ZoneInfo(zone), now, given_world.segments, given_world.lists)
        definition = parse_definition(tree)
        assert check_definition(definition, here.fields) == []
        condition = compile_definition(definition, here.fields, here.zone, now)
        rows = fetch_filled("match_range", condition, {"above": 0, "upto": 2**62})
        assert {row[0] for row in rows} == {one["id"] for one in people if matches(tree, one, here)}

    agree()


def test_each_operator_alone_agrees(world: tuple[World, list[dict[str, Any]]]) -> None:
    here, people = world
    dice = random.Random(3)
    for key in ASKED:
        field = here.fields[key]
        for usage in OPERATORS[field.kind]:
            found = set()
            more: dict[str, Any] = {}
            if usage.needs is Needs.SPAN:
                more = {"amount": 2, "unit": "months"}
            elif usage.needs is Needs.DAYS:
                more = {"amount": 5}
            pools: dict[Kind, list[Any]] = {
                Kind.NUMBER: [0, 1, 2.5],
                Kind.RECORD: sorted({one["contact.company_id"] or 1 for one in people}),
                Kind.CHOICE: OPTIONS,
                Kind.CHOICES: OPTIONS,
                Kind.TEXT: WORDS[1:],
            }
            pool = pools.get(field.kind, DATES)
            pool = list(range(1, 13)) if usage.operator == "anniversary_month" else pool
            count = {Needs.VALUE: 1, Needs.VALUES: 2, Needs.TWO: 2}.get(usage.needs, 0)
            tree = all_of(clause(key, usage.operator.value, *sorted(dice.sample(pool, count)), **more))
            condition = compile_definition(parse_definition(tree), here.fields, here.zone, here.now)
            found = {row[0] for row in fetch_filled("match_range", condition, {"above": 0, "upto": 2**62})}
            assert found == {one["id"] for one in people if matches(tree, one, here)}, tree


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE contact; --", "%(p1)s", "%s %% %", "$$", "\\", "/* condition */", "\u2028"]
)
def test_hostile_texts_are_only_texts(text: str) -> None:
    there = Contact.objects.create(first_name=text, business_unit=main_unit())
    Contact.objects.create(first_name="other", business_unit=main_unit())
    catalogue = load_catalogue()
    for operator in ("is", "contains", "begins_with", "ends_with", "is_in"):
        definition = parse_definition(all_of(clause("contact.first_name", operator, text)))
        condition = compile_definition(definition, catalogue, ZoneInfo("UTC"), NOWS[0])
        assert fetch_filled("count_matches", condition, {})[0][0] == 1
        rows = fetch_filled("match_range", condition, {"above": 0, "upto": 2**62})
        assert [row[0] for row in rows] == [there.pk]
