"""The first login: made once, kept in the data folder for its owner's eyes alone, printed at every start."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

_EMAIL = "admin@senet.example"
_FILE = "login.json"


@dataclass(frozen=True, slots=True)
class Login:
    """What a person signs in with."""

    email: str
    password: str


def find_login(data_dir: Path) -> Login | None:
    """Return the generated login, or None when there is none."""
    try:
        return Login(**json.loads((data_dir / _FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, PermissionError):
        return None


def ensure_login(data_dir: Path) -> None:
    """Make an administrator with a password of its own, when nobody can sign in yet."""
    from senet.accounts.actions import create_user
    from senet.accounts.queries import count_users
    from senet.accounts.values import Role

    if count_users():
        return
    login = find_login(data_dir) or Login(_EMAIL, secrets.token_urlsafe(9))
    _keep(data_dir, login)  # first: a login that nobody knows would lock everybody out
    create_user(email=login.email, name="Administrator", password=login.password, role=Role.ADMINISTRATOR)


def _keep(data_dir: Path, login: Login) -> None:
    draft = data_dir / f"{_FILE}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(login), file)
    draft.replace(data_dir / _FILE)
