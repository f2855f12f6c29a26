"""What can go wrong when somebody signs in or administers users."""

from __future__ import annotations

from typing import ClassVar

from senet.shared.errors import Conflict, SenetError


class NotSignedIn(SenetError):
    """Sign in, or send a valid API key as `Authorization: Bearer …`."""

    code = "not_signed_in"
    status = 401


class WrongCredentials(SenetError):
    """This email and password do not belong together."""

    code = "wrong_credentials"
    status = 401


class TooManyAttempts(SenetError):
    """Too many attempts to sign in failed. Wait a quarter of an hour and try again."""

    code = "too_many_attempts"
    status = 429


class ForgedRequest(SenetError):
    """The CSRF token is missing or old. Fetch one from /api/v1/auth/csrf and send it as X-CSRFToken."""

    code = "csrf_failed"
    status = 403


class LastAdministrator(Conflict):
    """This is the last active administrator. Make somebody else an administrator first."""

    code: ClassVar[str] = "last_administrator"
