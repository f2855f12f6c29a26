"""Routes of this room."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router

from senet.accounts.access import PERMISSIONS
from senet.accounts.http import principal
from senet.accounts.schemas import CsrfToken, Me
from senet.accounts.values import Principal

router = Router(tags=["accounts"])


def show_me(me: Principal) -> Me:
    """Return the principal as the API shows it."""
    permissions = sorted(permission.value for permission in PERMISSIONS[me.role])
    return Me(
        id=me.user_id,
        name=me.name,
        email=me.email,
        role=me.role,
        business_unit_id=me.business_unit_id,
        permissions=permissions,
    )


@router.get("/auth/csrf", response=CsrfToken, auth=None, operation_id="auth_csrf")
def fetch_csrf_token(request: HttpRequest) -> CsrfToken:
    """Set the CSRF cookie and return its token."""
    return CsrfToken(csrf=get_token(request))


@router.get("/auth/me", response=Me, operation_id="auth_me")
def get_me(request: HttpRequest) -> Me:
    """Return who the request acts for."""
    return show_me(principal(request))
