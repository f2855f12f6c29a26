"""Who a request acts for: a session with a CSRF token, or an API key."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf as find_csrf_failure

from senet.accounts.access import check_permission
from senet.accounts.errors import ForgedRequest, NotSignedIn
from senet.accounts.models import User
from senet.accounts.queries import find_principal_of_key, principal_of
from senet.accounts.values import Permission, Principal


class KeyAuth(HttpBearer):
    """`Authorization: Bearer <API key>`. A browser never sends it by itself, so it needs no CSRF token."""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:  # noqa: ARG002  ninja's signature
        return find_principal_of_key(token)


class SessionAuth(APIKeyCookie):
    """The session cookie; every act that may change something also needs the CSRF token."""

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Principal | None:
        if key is None or not isinstance(request.user, User):
            return None
        check_csrf(request)
        return principal_of(request.user)


def check_csrf(request: HttpRequest) -> None:
    """Refuse a request that another site's page may have sent. Raises: ForgedRequest."""
    if find_csrf_failure(request) is not None:
        raise ForgedRequest


def principal(request: HttpRequest) -> Principal:
    """Return who the request acts for. Raises: NotSignedIn."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Principal):
        raise NotSignedIn
    return found


def require(request: HttpRequest, permission: Permission) -> Principal:
    """Return who the request acts for, if the role has the permission. Raises: NotSignedIn, NotAllowed."""
    found = principal(request)
    check_permission(found, permission)
    return found
