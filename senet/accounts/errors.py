"""What can go wrong when somebody signs in or administers users."""

from __future__ import annotations

from typing import ClassVar

from senet.shared.errors import Conflict, InvalidInput, SenetError


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


class EmailTaken(Conflict):
    """Somebody with this email signs in here already."""

    code: ClassVar[str] = "email_taken"


class NameTaken(Conflict):
    """There is a business unit by that name already."""

    code: ClassVar[str] = "name_taken"


class UnitInCircle(Conflict):
    """A business unit cannot lie below itself."""

    code: ClassVar[str] = "unit_in_circle"


class WeakPassword(InvalidInput):
    """A password has at least 10 characters and is neither your email nor a common one."""

    code: ClassVar[str] = "weak_password"
