"""Writes: users, business units, keys, and signing in."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from senet.accounts.errors import EmailTaken, LastAdministrator, NameTaken, UnitInCircle, WrongCredentials
from senet.accounts.keys import make_key
from senet.accounts.models import ApiKey, BusinessUnit, User
from senet.accounts.passwords import check_password_strength
from senet.accounts.queries import principal_of
from senet.accounts.values import NewApiKey, Principal, Role
from senet.shared.clock import utc_now
from senet.shared.errors import InvalidInput, NotFound

log = structlog.get_logger(__name__)

MAIN_UNIT = "Main"


def ensure_main_unit() -> int:
    """Return the business unit at the root of the tree; make it when there is none."""
    found = BusinessUnit.objects.filter(parent=None).order_by("id").values_list("id", flat=True).first()
    return found if found is not None else BusinessUnit.objects.get_or_create(name=MAIN_UNIT)[0].pk


def create_user(*, email: str, name: str, password: str, role: Role, business_unit_id: int | None = None) -> Principal:
    """Make somebody who can sign in; without a business unit they belong to the root.

    Raises: EmailTaken, WeakPassword, InvalidInput.
    """
    email = email.strip()
    _check_email(email)
    check_password_strength(password, email=email)
    unit_id = ensure_main_unit() if business_unit_id is None else _get_unit(business_unit_id).pk
    user = User(email=email, name=name.strip(), role=role.value, business_unit_id=unit_id)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise EmailTaken from error
    log.info("user_created", user_id=user.pk, role=role.value)
    return principal_of(user)


def _check_email(email: str) -> None:
    local, _, domain = email.rpartition("@")
    if not local or "." not in domain or len(email) > 254 or not email.isprintable() or " " in email:
        raise InvalidInput("This is not an email address.", email="This is not an email address.")


def sign_in(*, email: str, password: str) -> User:
    """Return the user with these credentials; takes as long when there is none.

    Raises: WrongCredentials, which does not say what was wrong.
    """
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first() if "\0" not in email else None
    if user is None:
        make_password(password)
        raise WrongCredentials
    if not check_password(password, user.password, setter=lambda raw: _rehash(user, raw)):
        raise WrongCredentials
    return user


def _rehash(user: User, raw: str) -> None:
    """Keep a password in today's hash; sessions stay, for its owner just proved who they are."""
    user.set_password(raw)
    user.save(update_fields=["password"])


def change_user(
    user_id: int,
    *,
    name: str | None = None,
    role: Role | None = None,
    business_unit_id: int | None = None,
    is_active: bool | None = None,
    password: str | None = None,
) -> User:
    """Change what is given. A new password, role or business unit, and a deactivation, end the user's sessions.

    Raises: NotFound, WeakPassword, LastAdministrator.
    """
    # Administrators are locked in one order, so that two who demote each other at once do not both succeed.
    administrators = list(
        User.objects.select_for_update().filter(role=Role.ADMINISTRATOR.value, is_active=True).order_by("id")
    )
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound("There is no user by that number.")
    before = (user.password, user.role, user.business_unit_id, user.is_active)
    if name is not None:
        user.name = name.strip()
    if role is not None:
        user.role = role.value
    if business_unit_id is not None:
        user.business_unit = _get_unit(business_unit_id)
    if is_active is not None:
        user.is_active = is_active
    if password is not None:
        check_password_strength(password, email=user.email)
        user.set_password(password)
    still_rules = user.is_active and user.role == Role.ADMINISTRATOR.value
    if not still_rules and [one.pk for one in administrators] == [user.pk]:
        raise LastAdministrator
    if before != (user.password, user.role, user.business_unit_id, user.is_active):
        user.session_serial += 1
    user.save()
    if not user.is_active:
        ApiKey.objects.filter(user=user, revoked_at=None).update(revoked_at=utc_now())
    return user


def change_own_password(user_id: int, *, old: str, new: str) -> User:
    """Change a password whose owner knows the old one; ends the user's other sessions.

    Raises: WrongCredentials, WeakPassword.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if not check_password(old, user.password):
        raise WrongCredentials("The old password is not right.")
    return change_user(user_id, password=new)


def create_unit(*, name: str, parent_id: int | None) -> BusinessUnit:
    """Add a business unit. Raises: NameTaken, NotFound."""
    parent = None if parent_id is None else _get_unit(parent_id)
    try:
        with transaction.atomic():
            return BusinessUnit.objects.create(name=name.strip(), parent=parent)
    except IntegrityError as error:
        raise NameTaken from error


def change_unit(unit_id: int, *, name: str | None, parent_id: int | None, moves: bool) -> BusinessUnit:
    """Rename a business unit or, with `moves`, hang it below another. Raises: NotFound, NameTaken, UnitInCircle."""
    units = {unit.pk: unit for unit in BusinessUnit.objects.select_for_update().order_by("id")}
    unit = units.get(unit_id)
    if unit is None or (moves and parent_id is not None and parent_id not in units):
        raise NotFound("There is no business unit by that number.")
    if moves:
        above = parent_id
        while above is not None:
            if above == unit_id:
                raise UnitInCircle
            above = units[above].parent_id
        unit.parent = units[parent_id] if parent_id is not None else None
    if name is not None:
        unit.name = name.strip()
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        raise NameTaken from error
    return unit


def _get_unit(unit_id: int) -> BusinessUnit:
    unit = BusinessUnit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise InvalidInput("There is no business unit by that number.", business_unit_id="There is no such unit.")
    return unit


def make_api_key(user_id: int, *, name: str, expires_at: datetime | None = None) -> NewApiKey:
    """Make a key that acts for a user. Its text is returned this once and not kept."""
    key = make_key()
    row = ApiKey.objects.create(
        user_id=user_id, name=name.strip(), prefix=key.prefix, digest=key.digest, expires_at=expires_at
    )
    return NewApiKey(row.pk, key.text)


def revoke_api_key(key_id: int, *, now: datetime) -> None:
    """Make a key useless, at once; revoked twice, it stays revoked since the first time."""
    ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=now)
