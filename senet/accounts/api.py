"""Routes: signing in and out, and who one is."""

from __future__ import annotations

from django.contrib.auth import login, logout, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Status

from senet.accounts import actions
from senet.accounts.access import PERMISSIONS
from senet.accounts.admin_api import router as admin_router
from senet.accounts.errors import WeakPassword
from senet.accounts.http import check_csrf, principal
from senet.accounts.key_api import router as key_router
from senet.accounts.queries import principal_of
from senet.accounts.schemas import CsrfToken, Me, PasswordChange, SignIn
from senet.accounts.throttle import count_attempt, forget_attempts
from senet.accounts.values import Principal
from senet.shared.clock import utc_now

router = Router(tags=["accounts"])
router.add_router("", admin_router)
router.add_router("", key_router)

_BACKEND = "django.contrib.auth.backends.ModelBackend"


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


def find_address(request: HttpRequest) -> str:
    """Return the address a request comes from: the last one that a proxy of ours can vouch for is the peer's own."""
    return str(request.META.get("REMOTE_ADDR", ""))


@router.get("/auth/csrf", response=CsrfToken, auth=None, operation_id="auth_csrf")
def fetch_csrf_token(request: HttpRequest) -> CsrfToken:
    """Set the CSRF cookie and return its token."""
    return CsrfToken(csrf=get_token(request))


@router.post("/auth/login", response=Me, auth=None, operation_id="auth_login")
def sign_in(request: HttpRequest, credentials: SignIn) -> Me:
    """Start a session. Needs the CSRF token, so that nobody is signed in to somebody else's account."""
    check_csrf(request)
    address = find_address(request)
    count_attempt(email=credentials.email, address=address, now=utc_now())
    user = actions.sign_in(email=credentials.email, password=credentials.password)
    forget_attempts(email=credentials.email, address=address)
    login(request, user, backend=_BACKEND)
    return show_me(principal_of(user))


# Each attempt must stay counted, also when its request fails.
sign_in.commits_by_itself = True  # type: ignore[attr-defined]  # the API's decorator looks for it


@router.post("/auth/logout", response={204: None}, auth=None, operation_id="auth_logout")
def sign_out(request: HttpRequest) -> Status[None]:
    """End the session; without one, do nothing."""
    check_csrf(request)
    logout(request)
    return Status(204, None)


@router.get("/auth/me", response=Me, operation_id="auth_me")
def get_me(request: HttpRequest) -> Me:
    """Return who the request acts for."""
    return show_me(principal(request))


@router.post("/auth/password", response={204: None}, operation_id="auth_password")
def change_password(request: HttpRequest, change: PasswordChange) -> Status[None]:
    """Change one's own password; one's other sessions end. The old one is guessed no faster than at the sign-in."""
    me, address = principal(request), find_address(request)
    count_attempt(email=me.email, address=address, now=utc_now())
    try:
        with transaction.atomic():
            user = actions.change_own_password(me.user_id, old=change.old, new=change.new)
    except WeakPassword:
        forget_attempts(email=me.email, address=address)
        raise
    forget_attempts(email=me.email, address=address)
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
    return Status(204, None)


change_password.commits_by_itself = True  # type: ignore[attr-defined]  # as above
