"""PostgreSQL refuses to run as root. When Senet does, the server gets a system user of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

from senet.embedded.errors import EngineFailed

_NAME = "pgserver"


def find_server_user() -> str | None:
    """Return the user that PostgreSQL has to run as, or None when it may run as the present one."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_NAME).pw_name
    except KeyError:
        pass
    command = shutil.which("useradd")
    if command is None:
        raise EngineFailed(
            "PostgreSQL does not run as root and there is no `useradd` to make a user for it. "
            "Start Senet as another user, or set DATABASE_URL."
        )
    subprocess.run([command, "--system", "--shell", "/usr/sbin/nologin", _NAME], check=True, capture_output=True)  # noqa: S603
    return _NAME


def as_user(user: str | None) -> dict[str, Any]:
    """Return what makes subprocess run a program as a user, without a group of ours."""
    return {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def let_through(path: Path) -> None:
    """Let other users step through (not list, not read) the folders above a path."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def let_read(folder: Path) -> None:
    """Let other users read a folder and what is below it; a strict umask at the installation kept them out."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        needed = stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode & needed != needed:
            path.chmod(mode | needed)


def give_to(path: Path, user: str) -> None:
    """Make a user the owner of a folder."""
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)
