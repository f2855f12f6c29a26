"""The state of each component, as `/healthz` answers it and `senet check` prints it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

import senet.workers
from senet.shared.clock import utc_now
from senet.shared.sql import fetch_all
from senet.workers.heartbeats import Heartbeat, list_heartbeats

_SHIPPER_LAG_SECONDS = 30.0
_WRITER_SECONDS = 30.0  # none of ours takes as long


@dataclass(frozen=True, slots=True)
class Component:
    """One component's state: ok or failing, and what to do about it."""

    name: str
    ok: bool
    sentence: str
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """A component that has to be heard: its heartbeat's name, the name people see, the command that starts it."""

    name: str
    shown_as: str
    command: str


EXPECTED = (
    Expected("worker", "worker", "senet worker"),
    Expected("journeys", "journeys", "senet worker"),
    Expected("segments", "segments", "senet worker"),
    Expected("workflows", "workflows", "senet worker"),
    Expected("shipper", "shipper", "senet shipper"),
    Expected("door", "door", "senet door"),
    Expected("sender", "senders", "senet sender"),
)


def list_expected() -> list[Expected]:
    """Return who has to be heard, by the settings."""
    found = list(EXPECTED)
    if settings.BOUNCE_LISTEN:
        found.append(Expected("bounces", "returned mails", "senet bounces"))
    if settings.BOUNCE_IMAP:
        found.append(Expected("bounce mailbox", "mailbox of returned mails", "senet bounces"))
    return found


def look(now: datetime, *, clickhouse_is_ours: bool) -> list[Component]:
    """Return every component's state.

    An embedded ClickHouse is asked only by the process that has it open; for others it is as silent as the app.
    """
    postgres = _probe("postgres", _ask_postgres, "Start the server, or look at DATABASE_URL and postgres.log.")
    if postgres.ok and (held_up := describe_oldest_writer(_WRITER_SECONDS)):
        postgres = replace(postgres, ok=False, sentence=held_up)
    if clickhouse_is_ours:
        clickhouse = _probe("clickhouse", _ask_clickhouse, "Look at CLICKHOUSE_URL and the app's log.")
    else:
        clickhouse = Component("clickhouse", ok=False, sentence="Lives in the app, which does not answer.")
    heartbeats = _list_heartbeats() if postgres.ok else []
    return [postgres, clickhouse, *(judge(expected, heartbeats, now) for expected in list_expected())]


def _list_heartbeats() -> Sequence[Heartbeat]:
    try:
        return list_heartbeats()
    except DatabaseError:  # not migrated yet: nobody was ever heard
        return []


def judge(expected: Expected, heartbeats: Sequence[Heartbeat], now: datetime) -> Component:
    """Return a component's state from its last signs of life."""
    name = expected.shown_as
    fresh = [one for one in heartbeats if one.name == expected.name and one.is_fresh(now)]
    if not fresh:
        last = next((one for one in heartbeats if one.name == expected.name), None)
        seen = f"Last heard {int((now - last.beat_at).total_seconds())} s ago." if last else "Never heard."
        return Component(name, ok=False, sentence=f"{seen} Start `{expected.command}` or `senet up`.")
    errors = [str(one.detail["error"]) for one in fresh if one.detail.get("error")]
    detail = {**fresh[0].detail, "processes": len(fresh), "beat_seconds_ago": _age(fresh[0], now)}
    if errors:
        return Component(name, ok=False, sentence=f"Fails and tries again: {errors[0]}", detail=detail)
    lag = detail.get("lag_seconds")
    if isinstance(lag, (int, float)) and lag > _SHIPPER_LAG_SECONDS:
        sentence = f"Is {lag:.0f} s behind; the numbers on the pages are that old."
        return Component(name, ok=False, sentence=sentence, detail=detail)
    return Component(name, ok=True, sentence=f"{len(fresh)} running.", detail=detail)


def describe_oldest_writer(seconds: float) -> str:
    """Return whose open transaction holds up who reads the logs, and how to end it; empty when none is that old."""
    rows = fetch_all(senet.workers, "find_oldest_writer", {"seconds": seconds})
    if not rows:
        return ""
    pid, program, idle, age = rows[0]
    whose = f"process {pid} ({program})" if program else f"process {pid}"
    doing = " and does nothing" if idle else ""
    return (
        f"A transaction of {whose} has been open for {age:.0f} s{doing}; journeys and numbers wait for it."
        f" If it is stuck, end it: SELECT pg_terminate_backend({pid})."
    )


def _age(heartbeat: Heartbeat, now: datetime) -> float:
    return round((now - heartbeat.beat_at).total_seconds(), 1)


def _probe(name: str, ask: Callable[[], str], advice: str) -> Component:
    started = time.perf_counter()
    try:
        version = ask()
    except Exception as failure:  # noqa: BLE001  each driver has its own family of errors; all mean: it does not answer
        why = next(iter(str(failure).splitlines()), type(failure).__name__)
        return Component(name, ok=False, sentence=f"Does not answer: {why}. {advice}")
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    return Component(name, ok=True, sentence=version, detail={"version": version, "milliseconds": milliseconds})


def _ask_postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def _ask_clickhouse() -> str:
    from senet.interactions.clickhouse import get_client

    return f"ClickHouse {get_client().command('SELECT version()')}"


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  Django's shape of a view
    """Answer 200 when everything works, else 503 with the reasons."""
    components = look(utc_now(), clickhouse_is_ours=True)
    failing = {component.name: component.sentence for component in components if not component.ok}
    body = {
        "status": "failing" if failing else "ok",
        "components": {
            one.name: {"status": "ok" if one.ok else "failing", "sentence": one.sentence, **one.detail}
            for one in components
        },
        "reasons": failing,
    }
    response = JsonResponse(body, status=503 if failing else 200)
    response["Cache-Control"] = "no-store"
    return response
