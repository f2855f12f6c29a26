"""The installation's secret key, made once and kept in the data folder with permissions for its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_make_secret(data_dir: Path) -> str:
    """Return the secret of this data folder; make it when there is none. Two processes at once agree on one."""
    path = data_dir / "secret"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = data_dir / f"secret.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        os.link(draft, path)  # fails when another process was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")
