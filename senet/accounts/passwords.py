"""What a password must be."""

from __future__ import annotations

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from senet.accounts.errors import WeakPassword

MIN_LENGTH = 10
MAX_LENGTH = 1024


def check_password_strength(password: str, *, email: str) -> None:
    """Refuse a password that would be guessed. Raises: WeakPassword."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH or password.casefold() == email.casefold():
        raise WeakPassword
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError as error:
        raise WeakPassword from error
