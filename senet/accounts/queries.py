"""Reads: who is behind a session or a key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from senet.accounts.keys import digest_key, looks_like_key
from senet.accounts.models import ApiKey, BusinessUnit, User
from senet.accounts.values import Principal, Role
from senet.shared.clock import utc_now
from senet.shared.errors import NotFound

_USE_IS_NOTED_EVERY = timedelta(minutes=1)  # a busy program does not cost a write a request


def principal_of(user: User) -> Principal:
    """Return a signed-in user as the value that the rooms work with."""
    return Principal(user.pk, user.name, user.email, Role(user.role), user.business_unit_id)


def find_principal_of_key(text: str) -> Principal | None:
    """Return whom an API key acts for, or None when it is unknown, expired, revoked or its user was deactivated."""
    if not looks_like_key(text):
        return None
    now = utc_now()
    key = (
        ApiKey.objects.select_related("user")
        .filter(Q(expires_at=None) | Q(expires_at__gt=now), digest=digest_key(text), revoked_at=None)
        .filter(user__is_active=True)
        .first()
    )
    if key is None:
        return None
    if key.last_used_at is None or key.last_used_at < now - _USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return principal_of(key.user)


def find_user_names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return what some users are called; those who are gone are left out."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("id", "name"))


def has_unit(business_unit_id: int) -> bool:
    """Say whether there is a business unit by that number."""
    return BusinessUnit.objects.filter(pk=business_unit_id).exists()


def count_users() -> int:
    """Return how many people can sign in."""
    return User.objects.filter(is_active=True).count()


def get_administrator() -> Principal:
    """Return whom commands on this machine act for: the first active administrator.

    Raises: NotFound when there is none.
    """
    user = User.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True).order_by("pk").first()
    if user is None:
        raise NotFound("There is no administrator yet. Make one with `senet create-user … --role administrator`.")
    return principal_of(user)
