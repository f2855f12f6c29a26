"""`senet up`: everything in one command. Engines, migrations, every process; kept alive until Ctrl-C.

The supervisor holds no Django and no data: it may be killed at any moment. Its children notice and end, the embedded
PostgreSQL shuts down, and the next `senet up` starts from what was committed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import httpx
import structlog

from senet.config.environment import Environment, read_environment
from senet.config.logs import configure_logging
from senet.embedded.data_folder import DataFolderLock
from senet.embedded.errors import EngineFailed
from senet.embedded.postgres import postgres_runs, start_postgres, stop_postgres
from senet.shared.errors import SenetError
from senet.workers.children import Child
from senet.workers.login import find_login
from senet.workers.ports import check_ports, list_ports

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 0.2
_READY_SECONDS = 90.0
_STOP_SECONDS = 20.0
_STOP_STAGES = (("sender",), ("door", "app"), ("mailbox", "bounces"))  # who hands over stops before whom it hands to
_POSTGRES_RETRY_SECONDS = 2.0

Say = Callable[[str], None]


class PreparationFailed(SenetError):  # noqa: N818
    """The database could not be prepared. What went wrong stands above."""

    code = "preparation_failed"
    status = 503


@dataclass(slots=True)
class Supervisor:
    """Starts everything, keeps it alive, stops it in order."""

    environment: Environment
    demo: bool
    say: Say
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    next_postgres_try: float = 0.0

    @property
    def data_dir(self) -> Path:
        """The data folder."""
        return self.environment.data.expanduser().resolve()

    @property
    def postgres_folder(self) -> Path | None:
        """The embedded PostgreSQL's folder; None when DATABASE_URL names another server."""
        return None if self.environment.database_url else self.data_dir / "postgres"

    def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP.

        Raises: SenetError with a sentence when it cannot start; nothing is left running then.
        """
        check_ports(list_ports(self.environment, demo=self.demo))
        lock = DataFolderLock(self.data_dir, "up")
        lock.take(app_url=self.environment.local_url)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_stop)
        reading, writing = os.pipe()  # children hold the reading end and see when the writing end closes
        try:
            self._start(reading)
            self._keep_alive()
        finally:
            self._stop()
            os.close(reading)
            os.close(writing)
            lock.release()

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self, parent_pipe: int) -> None:
        started = time.monotonic()
        if self.postgres_folder is not None:
            start_postgres(self.postgres_folder, tied=True)
            self.say(f"PostgreSQL is ready ({time.monotonic() - started:.1f} s).")
        if self.stopping:
            return
        self._prepare()
        self.children = [
            Child(command, number, _inherit(self), parent_pipe) for command, number in self._list_children()
        ]
        for child in self.children:
            child.start()
        if self._wait_until_ready():
            self._welcome(time.monotonic() - started)

    def _prepare(self) -> None:
        command = [sys.executable, "-m", "senet", "prepare", *(["--demo"] if self.demo else [])]
        preparing = subprocess.Popen(command, env=_inherit(self), stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        while preparing.poll() is None:
            if self.stopping:
                preparing.terminate()
            time.sleep(0.05)
        if preparing.returncode and not self.stopping:
            raise PreparationFailed

    def _list_children(self) -> list[tuple[str, int]]:
        senders = self.environment.senders or os.cpu_count() or 1
        names = [("app", 0), ("door", 0), *(("sender", number + 1) for number in range(senders))]
        if self.demo:
            names.append(("mailbox", 0))
        if self.environment.bounce_listen or self.environment.bounce_imap:
            names.append(("bounces", 0))
        return [] if self.stopping else names

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline and not self.stopping:
            self._look_after()
            try:
                if httpx.get(f"{self.environment.local_url}/healthz", timeout=5, trust_env=False).status_code == 200:
                    return True
            except httpx.HTTPError:
                pass
            time.sleep(_LOOK_SECONDS)
        if not self.stopping:
            self.say("Some parts are not ready yet. `senet check` says which, and why.")
        return not self.stopping

    def _welcome(self, seconds: float) -> None:
        login = find_login(self.data_dir)
        self.say("")
        self.say(f"  Senet runs at {self.environment.public_app_url}  (started in {seconds:.0f} s)")
        if login:
            self.say(f"  Sign in as    {login.email}  with the password  {login.password}")
        if self.demo:
            self.say(f"  Mailbox at    http://{self.environment.host}:{self.environment.mailbox_port}")
        self.say(f"  Its data is in {self.data_dir}. Ctrl-C stops everything.")
        self.say("")

    def _keep_alive(self) -> None:
        while not self.stopping:
            self._look_after()
            time.sleep(_LOOK_SECONDS)

    def _look_after(self) -> None:
        folder = self.postgres_folder
        if folder is not None and not postgres_runs(folder) and time.monotonic() >= self.next_postgres_try:
            log.warning("postgres_died")
            self.next_postgres_try = time.monotonic() + _POSTGRES_RETRY_SECONDS
            try:
                start_postgres(folder, tied=True)
                log.info("postgres_started")
            except (EngineFailed, OSError) as failure:
                log.error("postgres_failed", error=str(failure))  # noqa: TRY400  the sentence is enough
        for child in self.children:
            child.keep_alive()

    def _stop(self) -> None:
        self.say("Stopping …")
        deadline = time.monotonic() + _STOP_SECONDS
        for stage in _STOP_STAGES:
            leaving = [child for child in self.children if child.command in stage]
            for child in leaving:
                child.ask_to_stop()
            for child in leaving:
                child.wait(deadline - time.monotonic())
        if self.postgres_folder is not None:
            stop_postgres(self.postgres_folder)
        self.say("Stopped.")


def _inherit(supervisor: Supervisor) -> dict[str, str]:
    """Return the children's environment: ours, with the data folder made absolute and the demo noted.

    Unless a level was asked for they log warnings alone, so that the address and the login stay on the screen.
    """
    ours = {
        "SENET_DATA": str(supervisor.data_dir),
        "SENET_DEMO": "1" if supervisor.demo else "0",
        "SENET_LOG_LEVEL": supervisor.environment.log_level or "warning",
    }
    return {**os.environ, **ours}


def run(*, demo: bool, say: Say) -> None:
    """Run everything until told to stop."""
    environment = read_environment()
    configure_logging(environment, process="up")
    Supervisor(environment, demo or environment.demo, say).run()
