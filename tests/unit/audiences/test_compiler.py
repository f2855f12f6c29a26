"""The SQL that definitions become: its text, word for word, and nothing of what people typed in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from senet.audiences.check import check_definition
from senet.audiences.compiler import Condition, compile_definition
from senet.audiences.definition import Operator, parse_definition
from senet.audiences.fields import BUILT_IN, custom_field
from senet.audiences.operators import OPERATORS, Kind, Needs
from tests.support.audiences import all_of, any_of, clause, member_of, none_of

NOW = datetime(2026, 3, 29, 10, 30, tzinfo=UTC)  # summer time began this night in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
CUSTOM = [
    custom_field("contact", "nickname", "Nickname", Kind.TEXT),
    custom_field("contact", "points", "Points", Kind.NUMBER),
    custom_field("contact", "vip", "VIP", Kind.BOOLEAN),
    custom_field("contact", "birthday", "Birthday", Kind.DATE),
    custom_field("contact", "seen_at", "Seen", Kind.DATETIME),
    custom_field("contact", "tier", "Tier", Kind.CHOICE, ["gold", "tin"]),
    custom_field("contact", "interests", "Interests", Kind.CHOICES, ["art", "food"]),
    custom_field("company", "plan", "Plan", Kind.TEXT),
]
CATALOGUE = {field.key: field for field in (*BUILT_IN, *CUSTOM)}


def compile_tree(tree: dict[str, Any]) -> Condition:
    definition = parse_definition(tree)
    assert check_definition(definition, CATALOGUE) == []
    return compile_definition(definition, CATALOGUE, BERLIN, NOW)


SNAPSHOTS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (
        all_of(clause("contact.country", "is", "DE")),
        "((lower(contact.country) = lower(%(p1)s::text)))",
        {"p1": "DE"},
    ),
    (
        any_of(clause("contact.city", "is_not_in", "Bonn", "Köln"), clause("contact.email", "ends_with", "@x.de")),
        (
            "(NOT (lower(contact.city) IN (SELECT lower(item) FROM unnest(%(p1)s::text[]) AS item))"
            " OR (right(lower(contact.email), length(lower(%(p2)s::text))) = lower(%(p2)s::text)))"
        ),
        {"p1": ["Bonn", "Köln"], "p2": "@x.de"},
    ),
    (
        none_of(clause("contact.external_id", "has_data"), clause("contact.last_name", "contains", "a%", "_b")),
        (
            "NOT ((coalesce(contact.external_id, '') <> '') OR ("
            "strpos(lower(contact.last_name), lower(%(p1)s::text)) > 0"
            " OR strpos(lower(contact.last_name), lower(%(p2)s::text)) > 0))"
        ),
        {"p1": "a%", "p2": "_b"},
    ),
    (
        all_of(clause("contact.consent_level", "at_least", 3), clause("contact.do_not_email", "is_false")),
        "((contact.consent_level >= %(p1)s::bigint) AND (NOT contact.do_not_email))",
        {"p1": 3},
    ),
    (
        all_of(clause("contact.custom.points", "between", 1, 2.5)),
        (
            "(coalesce((CASE WHEN jsonb_typeof((contact.custom -> %(p3)s::text)) = 'number'"
            " THEN (contact.custom ->> %(p3)s::text)::numeric END) BETWEEN %(p1)s::numeric AND %(p2)s::numeric, false))"
        ),
        {"p1": 1, "p2": 2.5, "p3": "points"},
    ),
    (
        all_of(clause("contact.created_at", "last", amount=2, unit="days")),
        "((contact.created_at >= %(p1)s::timestamptz AND contact.created_at < %(p2)s::timestamptz))",
        {
            "p1": datetime(2026, 3, 26, 23, tzinfo=UTC),
            "p2": datetime(2026, 3, 29, 10, 30, 0, 1, tzinfo=UTC),
        },
    ),
    (
        all_of(clause("contact.created_at", "today")),
        "((contact.created_at >= %(p1)s::timestamptz AND contact.created_at < %(p2)s::timestamptz))",
        {"p1": datetime(2026, 3, 28, 23, tzinfo=UTC), "p2": datetime(2026, 3, 29, 22, tzinfo=UTC)},  # 23 hours
    ),
    (
        all_of(clause("contact.custom.interests", "any_of", "art"), clause("contact.company_id", "is_in", 4, 5)),
        (
            "(((CASE WHEN jsonb_typeof((contact.custom -> %(p2)s::text)) = 'array'"
            " THEN (contact.custom -> %(p2)s::text) ELSE '[]'::jsonb END) ?| %(p1)s::text[])"
            " AND coalesce(contact.company_id = ANY(%(p3)s::bigint[]), false))"
        ),
        {"p1": ["art"], "p2": "interests", "p3": [4, 5]},
    ),
    (
        all_of(member_of(7, 8), member_of(9, audience="list", containment="not_in")),
        (
            "(EXISTS (SELECT FROM segment_member WHERE segment_member.contact_id = contact.id"
            " AND segment_member.segment_id = ANY(%(p1)s::bigint[]))"
            " AND NOT EXISTS (SELECT FROM list_member WHERE list_member.contact_id = contact.id"
            " AND list_member.list_id = ANY(%(p2)s::bigint[])))"
        ),
        {"p1": [7, 8], "p2": [9]},
    ),
]


@pytest.mark.parametrize(("tree", "sql", "parameters"), SNAPSHOTS)
def test_the_text_is_exactly_this(tree: dict[str, Any], sql: str, parameters: dict[str, Any]) -> None:
    compiled = compile_tree(tree)
    assert compiled.sql == sql
    assert {
        key: float(value) if hasattr(value, "as_tuple") else value for key, value in compiled.parameters.items()
    } == (parameters)


def test_a_date_is_read_only_from_a_text_that_is_one() -> None:
    compiled = compile_tree(all_of(clause("contact.custom.birthday", "on", "1990-02-28")))
    assert compiled.sql.count("::text) ~ '^(?:[12][0-9]{3}-") == 2
    assert list(compiled.parameters.values()) == ["birthday", date(1990, 2, 28), "birthday", date(1990, 3, 1)] or set(
        map(str, compiled.parameters.values())
    ) == {"birthday", "1990-02-28", "1990-03-01"}


def test_what_must_be_looked_at_again_without_a_change_is_known() -> None:
    plain = compile_tree(all_of(clause("contact.country", "is", "DE")))
    assert (plain.uses_company, plain.uses_time, plain.audiences, plain.join) == (False, False, (), "")
    company = compile_tree(all_of(clause("company.custom.plan", "is", "x")))
    assert (company.uses_company, company.join) == (True, "LEFT JOIN company ON company.id = contact.company_id")
    assert compile_tree(all_of(clause("contact.custom.birthday", "anniversary_today"))).uses_time
    assert not compile_tree(all_of(clause("contact.custom.birthday", "anniversary_month", 5))).uses_time
    assert compile_tree(all_of(member_of(4), member_of(3, audience="list"))).audiences == (("list", 3), ("segment", 4))


EVIL = "x'; DROP TABLE contact; --%(p1)s\\\" $$ ?| {} /* condition */"


def values_for(kind: Kind, needs: Needs, operator: Operator) -> dict[str, Any]:
    if needs is Needs.SPAN:
        return {"amount": 3, "unit": "weeks"}
    if needs is Needs.DAYS:
        return {"amount": 3}
    if needs is Needs.NOTHING:
        return {}
    one: Any = EVIL
    if kind in (Kind.NUMBER, Kind.RECORD) or operator is Operator.ANNIVERSARY_MONTH:
        one = 4
    elif kind in (Kind.DATE, Kind.DATETIME):
        one = "2024-02-29"
    return {"values": [one, one] if needs is Needs.TWO else [one]}


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_that_somebody_typed_stands_in_the_text(kind: Kind) -> None:
    key = f"contact.custom.{EVIL}"
    field = CATALOGUE["contact.company_id"] if kind is Kind.RECORD else custom_field("contact", EVIL, "Evil", kind)
    for usage in OPERATORS[kind]:
        tree = {"kind": "clause", "field": key, "operator": usage.operator}
        definition = parse_definition(all_of({**tree, **values_for(kind, usage.needs, usage.operator)}))
        assert check_definition(definition, {key: field}) == []
        compiled = compile_definition(definition, {key: field}, BERLIN, NOW)
        assert "DROP" not in compiled.sql
        assert "condition" not in compiled.sql
        assert compiled.sql.replace("%(p", "").count("%") == 0


def test_every_operator_suits_some_kind_and_every_kind_can_ask_for_data() -> None:
    assert {usage.operator for usages in OPERATORS.values() for usage in usages} == set(Operator)
    for usages in OPERATORS.values():
        assert {Operator.HAS_DATA, Operator.HAS_NO_DATA} <= {usage.operator for usage in usages}
