"""Writes: contacts, companies, leads, custom columns. Imports are in `importing`; their entrances are here too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

import senet.people
from senet.accounts.access import check_object, visible
from senet.accounts.models import BusinessUnit, User
from senet.accounts.values import Permission, Principal
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.people.columns import RESERVED_KEYS
from senet.people.custom import KEY_SHAPE, check_custom, load_definitions
from senet.people.errors import ColumnExists, ExternalIdTaken
from senet.people.importing.start import import_contacts, import_contacts_file, start_import
from senet.people.models import Company, Contact, CustomColumn, Lead
from senet.people.option_labels import check_option_labels
from senet.people.records import read_company, read_contact, read_lead
from senet.shared.errors import InvalidInput, NotFound, Problem
from senet.shared.sql import execute

__all__ = [
    "add_custom_column",
    "change_company",
    "change_contact",
    "change_custom_column",
    "change_lead",
    "create_company",
    "create_contact",
    "create_lead",
    "delete_company",
    "delete_contact",
    "delete_lead",
    "drop_custom_column",
    "hold_contact",
    "import_contacts",
    "import_contacts_file",
    "start_import",
]

M = TypeVar("M", Contact, Company, Lead)


def create_contact(values: Mapping[str, object], *, principal: Principal, now: datetime) -> Contact:
    """Add a contact, to the principal's business unit unless another is named.

    Raises: InvalidInput with every problem at once, ExternalIdTaken, NotFound, NotAllowed.
    """
    contact = Contact(business_unit_id=principal.business_unit_id, **_made_by(principal))
    return _write(contact, values, principal=principal, now=now)


def _made_by(principal: Principal) -> dict[str, Any]:  # columns
    return {"owner_id": principal.user_id, "created_by_id": principal.user_id}


def change_contact(contact_id: int, values: Mapping[str, object], *, principal: Principal, now: datetime) -> Contact:
    """Change what is given of a contact; custom columns are merged, None removes one. Raises: as `create_contact`."""
    contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
    if contact is None:
        raise NotFound("There is no contact by that number.")
    check_object(contact.business_unit_id, principal, Permission.EDIT)
    return _write(contact, values, principal=principal, now=now)


def hold_contact(contact_id: int) -> Contact | None:
    """Let nobody else change a contact until the transaction ends; None when there is none by that number."""
    return Contact.objects.select_for_update(no_key=True).filter(pk=contact_id).first()


def create_company(values: Mapping[str, object], *, principal: Principal, now: datetime) -> Company:
    """Add a company. Raises: as `create_contact`."""
    company = Company(business_unit_id=principal.business_unit_id, **_made_by(principal))
    return _write(company, values, principal=principal, now=now)


def change_company(company_id: int, values: Mapping[str, object], *, principal: Principal, now: datetime) -> Company:
    """Change what is given of a company. Raises: as `create_contact`."""
    company = Company.objects.select_for_update().filter(pk=company_id).first()
    if company is None:
        raise NotFound("There is no company by that number.")
    check_object(company.business_unit_id, principal, Permission.EDIT)
    return _write(company, values, principal=principal, now=now)


def create_lead(values: Mapping[str, object], *, principal: Principal, now: datetime) -> Lead:
    """Add a lead. Raises: as `create_contact`."""
    lead = Lead(owner_id=principal.user_id, business_unit_id=principal.business_unit_id)
    return _write(lead, values, principal=principal, now=now)


def change_lead(lead_id: int, values: Mapping[str, object], *, principal: Principal, now: datetime) -> Lead:
    """Change what is given of a lead. Raises: as `create_contact`."""
    return _write(_get(Lead, lead_id, principal), values, principal=principal, now=now)


def _write(row: M, values: Mapping[str, object], *, principal: Principal, now: datetime) -> M:
    rest = dict(values)
    custom = rest.pop("custom", None)
    read = _read(row, rest)
    _check_references(read, principal)
    for name, value in read.items():
        setattr(row, name, value)
    if isinstance(custom, Mapping):
        checked = check_custom(load_definitions(row._meta.db_table), custom)  # noqa: SLF001  an entity is named as its table
        merged = {**row.custom, **checked}
        row.custom = {key: value for key, value in merged.items() if value is not None}
    row.updated_at = now
    if row.pk is None:
        row.created_at = now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ExternalIdTaken from error
    row.refresh_from_db()
    return row


def _read(row: Contact | Company | Lead, values: Mapping[str, object]) -> dict[str, object]:
    if isinstance(row, Contact):
        return read_contact(values, country=row.country if row.pk else "")
    return read_company(values) if isinstance(row, Company) else read_lead(values)


def _check_references(values: Mapping[str, object], principal: Principal) -> None:
    """Refuse a contact, company, owner or business unit that is not there, or that the principal may not see."""
    known: dict[str, QuerySet[Any]] = {
        "contact_id": visible(Contact.objects.all(), principal),
        "company_id": visible(Company.objects.all(), principal),
        "owner_id": visible(User.objects.all(), principal),
        "business_unit_id": visible(BusinessUnit.objects.all(), principal, column="id"),
    }
    for name, rows in known.items():
        value = values.get(name)
        if value is not None and not rows.filter(pk=value).exists():
            problem = Problem("not_there", "There is no such record.", name)
            raise InvalidInput("The record refers to another one that is not there.", problems=[problem])


def delete_contact(contact_id: int, *, principal: Principal, now: datetime) -> None:
    """Delete a contact for good: out of segments and lists, and the log says so. Raises: NotFound, NotAllowed."""
    contact = _get(Contact, contact_id, principal)
    execute(senet.people, "leave_all_audiences", {"contact_id": contact_id, "now": now})
    contact.delete()
    record([Interaction(type="ContactDeleted", at=now, contact_id=contact_id)])


def delete_company(company_id: int, *, principal: Principal) -> None:
    """Delete a company; its contacts stay, without one. Raises: NotFound, NotAllowed."""
    _get(Company, company_id, principal).delete()


def delete_lead(lead_id: int, *, principal: Principal) -> None:
    """Delete a lead for good. Raises: NotFound, NotAllowed."""
    _get(Lead, lead_id, principal).delete()


def _get(model: type[M], row_id: int, principal: Principal) -> M:
    row = model.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise NotFound(f"There is no {model.__name__.lower()} by that number.")
    check_object(row.business_unit_id, principal, Permission.EDIT)
    return row


def add_custom_column(
    *,
    entity: str,
    key: str,
    label: str,
    kind: str,
    options: Sequence[str],
    option_labels: Mapping[str, Mapping[str, str]] | None = None,
) -> CustomColumn:
    """Define a column of the organisation's own. Raises: InvalidInput, ColumnExists."""
    if KEY_SHAPE.fullmatch(key) is None or key in RESERVED_KEYS:
        sentence = "A key has small letters, digits and _, begins with a letter and is no built-in column's name."
        raise InvalidInput(sentence, key=sentence)
    column = CustomColumn(entity=entity, key=key, label=label.strip() or key, kind=kind)
    column.options = _check_options(kind, options)
    column.option_labels = check_option_labels(column.options, option_labels or {})
    try:
        with transaction.atomic():
            column.save()
    except IntegrityError as error:
        raise ColumnExists from error
    return column


def change_custom_column(
    column_id: int,
    *,
    label: str | None,
    options: Sequence[str] | None,
    option_labels: Mapping[str, Mapping[str, str]] | None = None,
) -> CustomColumn:
    """Change a column's label, add options or name them; what records hold stays readable.

    Raises: NotFound, InvalidInput.
    """
    column = _get_column(column_id)
    if label is not None:
        column.label = label.strip() or column.key
    if options is not None:
        checked = _check_options(column.kind, options)
        if not set(column.options) <= set(checked):
            raise InvalidInput("Options that records may hold cannot be taken away.", options="Keep the old ones.")
        column.options = checked
    if option_labels is not None:
        column.option_labels = check_option_labels(column.options, option_labels)
    column.save()
    return column


def drop_custom_column(column_id: int) -> None:
    """Forget a column's definition; values that records hold are kept, but no longer shown. Raises: NotFound."""
    _get_column(column_id).delete()


def _get_column(column_id: int) -> CustomColumn:
    column = CustomColumn.objects.select_for_update().filter(pk=column_id).first()
    if column is None:
        raise NotFound("There is no custom column by that number.")
    return column


def _check_options(kind: str, options: Sequence[str]) -> list[str]:
    cleaned = list(dict.fromkeys(option.strip() for option in options if option.strip()))
    if kind in {"choice", "choices"} and not cleaned:
        raise InvalidInput("A column of choices needs its options.", options="Name at least one.")
    if len({option.casefold() for option in cleaned}) < len(cleaned) or any(set(o) & set(";|") for o in cleaned):
        raise InvalidInput("Options differ in more than case and hold neither ; nor |.", options="Change these.")
    if kind not in {"choice", "choices"} and cleaned:
        raise InvalidInput("Only columns of choices have options.", options="Leave them out.")
    return cleaned
