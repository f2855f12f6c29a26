"""Slows guessing down: so many vain attempts an account, so many an address, in a quarter of an hour.

An attempt is counted before its password is looked at, so that guesses made at once are counted too. Whether the
account exists plays no part.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta

import senet.accounts
from senet.accounts.errors import TooManyAttempts
from senet.shared.sql import execute, fetch_all

WINDOW = timedelta(minutes=15)
ATTEMPTS_AN_ACCOUNT = 10
ATTEMPTS_AN_ADDRESS = 100


def _digest(kind: str, name: str) -> bytes:
    return hashlib.blake2b(
        f"{kind}:{name}".encode("utf-8", "replace"), digest_size=16, person=b"senet-sign-in"
    ).digest()


def count_attempt(*, email: str, address: str, now: datetime) -> None:
    """Count an attempt to sign in. Raises: TooManyAttempts, with the seconds to wait."""
    limits = (
        (_digest("account", email.strip().casefold()), ATTEMPTS_AN_ACCOUNT),
        (_digest("address", address), ATTEMPTS_AN_ADDRESS),
    )
    for subject, limit in limits:
        parameters = {"subject": subject, "now": now, "window_start": now - WINDOW, "limit": limit}
        ((attempts, since),) = fetch_all(senet.accounts, "count_attempt", parameters)
        if attempts > limit:
            wait = max(1, math.ceil((since + WINDOW - now).total_seconds()))
            raise TooManyAttempts(
                f"Too many attempts to sign in failed. Try again in {math.ceil(wait / 60)} minutes.",
                retry_after_seconds=wait,
            )


def forget_attempts(*, email: str, address: str) -> None:
    """Take back what a successful sign-in counted: all of the account's, one of the address's."""
    execute(
        senet.accounts,
        "forget_attempts",
        {"account": _digest("account", email.strip().casefold()), "address": _digest("address", address)},
    )
