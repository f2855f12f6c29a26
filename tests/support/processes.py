"""Real Senet processes for tests: started on free ports in a folder of their own, killed for real, always ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

T = TypeVar("T")


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ask: Callable[[], T], *, seconds: float, what: str, pause_seconds: float = 0.05) -> T:
    """Ask until the answer is true and return it; fail with `what` when time is up."""
    deadline = time.monotonic() + seconds
    last: object = None
    while time.monotonic() < deadline:
        try:
            answer = ask()
        except (httpx.HTTPError, ConnectionError) as error:
            last = error
        else:
            if answer:
                return answer
            last = answer
        time.sleep(pause_seconds)
    raise AssertionError(f"{what}: not within {seconds} s; last answer: {last!r}")


@dataclass
class Installation:
    """One Senet of its own: a folder, a database, ports, and the processes that were started in it."""

    folder: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port, self.door_port = free_port(), free_port()
        self.mailbox_port, self.smtp_port = free_port(), free_port()
        self.record = self.folder / "received.txt"

    @property
    def environment(self) -> dict[str, str]:
        """What the processes read their settings from."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("SENET_", "DJANGO_"))}
        return kept | {
            "DATABASE_URL": self.database_url,
            "SENET_DATA": str(self.folder / "data"),
            "SENET_PORT": str(self.port),
            "SENET_DOOR_PORT": str(self.door_port),
            "SENET_MAILBOX_PORT": str(self.mailbox_port),
            "SENET_MAILBOX_SMTP_PORT": str(self.smtp_port),
            "SENET_SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "SENET_LOG_FORMAT": "json",
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }

    def run(self, *arguments: str, input_text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run one `senet` command to its end; fail with what it printed when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "senet", *arguments],
            env=self.environment,
            input=input_text,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"senet {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done

    def start(self, name: str, *arguments: str, module: str = "senet") -> subprocess.Popen[bytes]:
        """Start a process (again) under a name; its output goes to a file in the folder."""
        log = (self.folder / f"{name}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", module, *(arguments or (name,))],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.processes[name] = process
        return process

    def start_sink(self) -> None:
        """Start an SMTP server that writes down every recipient it has acknowledged."""
        self.start("sink", "--port", str(self.smtp_port), "--record", str(self.record), module="senet.demo.smtp_sink")

        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.smtp_port)) == 0

        wait_for(listens, seconds=20, what="the SMTP sink listens")

    def kill(self, name: str) -> None:
        """SIGKILL a process, as the kernel would."""
        process = self.processes[name]
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def log_of(self, name: str) -> str:
        """Return the end of what a process printed."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-6000:] if path.exists() else ""

    def stop(self) -> None:
        """End every process that is still there."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    @property
    def app_url(self) -> str:
        """The app's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def door_url(self) -> str:
        """The door's address."""
        return f"http://127.0.0.1:{self.door_port}"


class ApiClient:
    """Talks to the API as a program does: with a key."""

    def __init__(self, base_url: str, key: str) -> None:
        self._http = httpx.Client(
            base_url=base_url, headers={"Authorization": f"Bearer {key}"}, timeout=30, trust_env=False
        )

    def get(self, path: str, **parameters: Any) -> Any:  # JSON
        """GET and return the JSON; fail with the body on an error."""
        return self._read(self._http.get(f"/api/v1{path}", params=parameters))

    def post(self, path: str, body: object = None, **extra: Any) -> Any:  # JSON
        """POST and return the JSON; fail with the body on an error."""
        return self._read(self._http.post(f"/api/v1{path}", json=body, **extra))

    def upload(self, path: str, name: str, content: bytes, **form: str) -> Any:  # JSON
        """POST a file with form fields."""
        return self._read(self._http.post(f"/api/v1{path}", files={"file": (name, content, "text/csv")}, data=form))

    @staticmethod
    def _read(response: httpx.Response) -> Any:
        assert response.is_success, f"{response.request.method} {response.url}: {response.status_code} {response.text}"
        return json.loads(response.text) if response.text else None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()
