"""`senet check`: a table of what runs and what does not, each with a sentence to act on."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.management import call_command
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from senet.embedded.data_folder import find_running
from senet.shared.clock import utc_now
from senet.workers.health import Component, look


def run_check() -> bool:
    """Print the table and return whether all is well."""
    components = [*look_around(), look_at_smtp(settings.SMTP_URL), _look_at_ui()]
    _print(components, str(settings.DATA_DIR))
    return all(component.ok for component in components)


def look_around() -> list[Component]:
    """Return the components' states: as the running app tells them, or as seen from here when none answers."""
    app = find_running(settings.DATA_DIR, "app")
    url = app.app_url if app and app.app_url else settings.ENVIRONMENT.local_url
    if app is not None or not settings.CLICKHOUSE_URL.startswith("chdb"):
        try:
            answer = httpx.get(f"{url}/healthz", timeout=10, trust_env=False).json()
            told = Component("app", ok=True, sentence=f"Answers at {url}.")
            return [told, *(_read(name, part) for name, part in answer["components"].items()), *_look_at_tables()]
        except (httpx.HTTPError, ValueError, KeyError):
            pass
    silent = Component("app", ok=False, sentence=f"Does not answer at {url}. Start `senet up`, or look at its log.")
    if not settings.ENVIRONMENT.database_url and find_running(settings.DATA_DIR, "up") is None:
        return [
            silent,
            Component("postgres", ok=False, sentence="The embedded server is not started. Start `senet up`."),
        ]
    is_server = not settings.CLICKHOUSE_URL.startswith("chdb")
    return [silent, *look(utc_now(), clickhouse_is_ours=is_server), *_look_at_tables()]


def look_at_smtp(url: str) -> Component:
    """Say whether somebody listens where mails go."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 25
    try:
        with socket.create_connection((host, port), timeout=3):
            return Component("smtp", ok=True, sentence=f"{host}:{port} takes connections.")
    except OSError as error:
        why = error.strerror or str(error)
        return Component("smtp", ok=False, sentence=f"{host}:{port} does not answer ({why}). Set SENET_SMTP_URL.")


def _look_at_ui() -> Component:
    if (settings.UI_DIR / "index.html").is_file():
        return Component("ui", ok=True, sentence="Built.")
    return Component("ui", ok=False, sentence="The user interface is not built. Run `make setup`.")


def _look_at_tables() -> list[Component]:
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit:
        return [Component("tables", ok=False, sentence="Are not up to date. Run `senet migrate`.")]
    except Exception:  # noqa: BLE001  the database does not answer; its own line says so
        return []
    return [Component("tables", ok=True, sentence="Up to date.")]


def _read(name: str, part: dict[str, Any]) -> Component:  # JSON of /healthz
    return Component(name, ok=part.get("status") == "ok", sentence=str(part.get("sentence", "")))


def _print(components: Sequence[Component], folder: str) -> None:
    table = Table(title=f"Senet in {escape(folder)}", title_justify="left")
    for heading in ("part", "state", "what"):
        table.add_column(heading)
    for one in components:
        state = "[green]works[/green]" if one.ok else "[red]fails[/red]"
        table.add_row(one.name, state, escape(one.sentence))
    Console().print(table)
