"""Who may see and do what. Permissions come with the role; the business unit limits them to a part of the tree."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

import senet.accounts
from senet.accounts.values import Permission, Principal, Role
from senet.shared.errors import NotAllowed, NotFound
from senet.shared.sql import load_sql

M = TypeVar("M", bound=Model)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.MARKETING_MANAGER: frozenset({Permission.VIEW, Permission.EDIT, Permission.GO_LIVE, Permission.EXPORT}),
    Role.MARKETER: frozenset({Permission.VIEW, Permission.EDIT, Permission.GO_LIVE, Permission.EXPORT}),
    Role.VIEWER: frozenset({Permission.VIEW}),
}
SEES_EVERYTHING = frozenset({Role.ADMINISTRATOR, Role.MARKETING_MANAGER})


def check_permission(principal: Principal, permission: Permission) -> None:
    """Refuse an act that the role does not allow. Raises: NotAllowed."""
    if permission not in PERMISSIONS[principal.role]:
        raise NotAllowed(
            f"Your role ({principal.role.value.replace('_', ' ')}) does not allow this. Ask an administrator.",
            permission=permission.value,
        )


def visible(rows: QuerySet[M], principal: Principal, *, column: str = "business_unit_id") -> QuerySet[M]:
    """Return the rows of the principal's business unit and those below it; all rows for managers."""
    if principal.role in SEES_EVERYTHING:
        return rows
    below = RawSQL(load_sql(senet.accounts, "find_units_below"), [principal.business_unit_id])  # noqa: S611  a file
    return rows.filter(**{f"{column}__in": below})


def check_object(business_unit_id: int, principal: Principal, permission: Permission) -> None:
    """Refuse an act on a record of a business unit.

    Raises: NotFound when the record is outside the principal's units (its existence is not given away), NotAllowed
    when the role does not allow the act.
    """
    if principal.role not in SEES_EVERYTHING and business_unit_id not in list_unit_ids(principal):
        raise NotFound
    check_permission(principal, permission)


def list_unit_ids(principal: Principal) -> frozenset[int]:
    """Return the ids of the principal's business unit and of all below it."""
    return list_units_below(principal.business_unit_id)


def list_units_below(business_unit_id: int) -> frozenset[int]:
    """Return the ids of a business unit and of all below it."""
    with connection.cursor() as cursor:
        cursor.execute(load_sql(senet.accounts, "find_units_below"), [business_unit_id])
        return frozenset(unit_id for (unit_id,) in cursor.fetchall())
