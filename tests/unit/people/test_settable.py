"""A literal value for a column of many contacts: read by the API's rules, for the columns that may be set."""

from __future__ import annotations

import pytest

from senet.people.columns import CONTACT_COLUMNS
from senet.people.custom import Definition
from senet.people.normalise import BadValue
from senet.people.settable import SETTABLE, ColumnChange, read_change

DEFINITIONS = {
    "tier": Definition("tier", "choice", ("Gold", "Silver")),
    "interests": Definition("interests", "choices", ("Hiking", "Skiing")),
    "visits": Definition("visits", "number"),
    "vip": Definition("vip", "boolean"),
    "joined": Definition("joined", "date"),
    "note": Definition("note", "text"),
}


@pytest.mark.parametrize(
    ("column", "value", "stored"),
    [
        ("city", "  Berlin ", "Berlin"),
        ("city", "", ""),
        ("country", "Germany", "DE"),
        ("language", "pt_br", "pt-BR"),
        ("time_zone", "europe/berlin", "Europe/Berlin"),
        ("mobile_phone", "+49 171 1234567", "+491711234567"),
        ("consent_level", 2, 2),
        ("consent_level", "5", 5),
        ("do_not_bulk_email", True, True),
        ("active", "no", False),
        ("owner_id", 7, 7),
        ("custom.tier", "gold", "Gold"),
        ("custom.interests", ["skiing", "Skiing"], ["Skiing"]),
        ("custom.visits", 3, 3),
        ("custom.vip", True, True),
        ("custom.joined", "31.12.2026", "2026-12-31"),
        ("custom.note", "", None),
    ],
)
def test_a_value_is_read_into_the_form_that_contacts_keep(column: str, value: object, stored: object) -> None:
    assert read_change(column, value, DEFINITIONS) == ColumnChange(column, stored)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("email", "x@example.com", "column_fixed"),
        ("external_id", "7", "column_fixed"),
        ("company", "Acme", "column_fixed"),
        ("id", 7, "unknown_column"),
        ("business_unit_id", 1, "unknown_column"),
        ("changed_xid", 1, "unknown_column"),
        ("custom.nothing", "x", "unknown_column"),
        ("city", 7, "wrong_kind"),
        ("city", "a\x00b", "control_characters"),
        ("country", "Atlantis", "country_unknown"),
        ("mobile_phone", "0171 1234567", "phone_invalid"),
        ("consent_level", 6, "consent_level_invalid"),
        ("consent_level", True, "wrong_kind"),
        ("consent_level", "", "consent_level_invalid"),
        ("do_not_email", "perhaps", "not_boolean"),
        ("owner_id", "7", "wrong_kind"),
        ("owner_id", True, "wrong_kind"),
        ("custom.tier", "Bronze", "not_an_option"),
        ("custom.visits", "many", "not_number"),
        ("custom.vip", 1, "wrong_kind"),
    ],
)
def test_a_column_that_may_not_be_set_or_a_value_that_does_not_fit_is_refused(
    column: str, value: object, code: str
) -> None:
    with pytest.raises(BadValue) as error:
        read_change(column, value, DEFINITIONS)
    assert error.value.code == code


def test_every_column_of_contacts_may_be_set_but_those_that_tell_them_apart() -> None:
    fixed = {"external_id", "email", "company", "company_external_id"}
    assert set(SETTABLE) == {column.name for column in CONTACT_COLUMNS} - fixed | {"owner_id"}
