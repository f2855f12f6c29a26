"""How a command reaches ClickHouse: through the running app, which alone has the embedded folder open, or directly.

The app answers `/internal/…` to whoever holds the installation's secret: a token signed with it, good for a minute.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import TypeAdapter

from senet.embedded.data_folder import DataFolderLock, find_running
from senet.embedded.postgres import start_postgres, stop_postgres
from senet.insights.values import ReactionsFound
from senet.shared.clock import utc_now
from senet.shared.errors import SenetError

_SALT = "senet.internal"
_TOKEN_LIFE = timedelta(minutes=1)
_HEADER = "X-Senet-Internal"
_PATIENCE_SECONDS = 3600.0

Answer = dict[str, Any]  # JSON


class AppSilent(SenetError):  # noqa: N818
    """The running app does not answer."""

    code = "app_silent"
    status = 503


def run_audit() -> Answer:
    """Check the invariants of the ledger and of ClickHouse."""
    from senet.insights import audit

    return _as_answer(audit.run())


def rebuild_insights() -> Answer:
    """Refill ClickHouse from PostgreSQL."""
    from senet.insights import rebuild

    return _as_answer(rebuild.run())


def judge_verdicts(*, everything: bool) -> Answer:
    """Judge opens and clicks again."""
    from senet.insights import verdicts

    return _as_answer(verdicts.run(utc_now(), everything=everything))


def read_reactions(journey_id: int, emails: Sequence[int], versions: Sequence[int], now: str) -> Answer:
    """Ask how the recipients of emails have reacted so far."""
    from senet.insights.reactions import read_reactions as ask

    found = ask(journey_id, emails, versions, datetime.fromisoformat(now))
    return {"found": TypeAdapter(Sequence[ReactionsFound]).dump_python(found, mode="json")}


_ACTS: dict[str, Callable[..., Answer]] = {
    "audit": run_audit,
    "rebuild-insights": rebuild_insights,
    "reactions": read_reactions,
    "verdicts": judge_verdicts,
}


def perform(act: str, **arguments: object) -> Answer:
    """Do a thing that needs ClickHouse, here or in the running app. The arguments are JSON.

    Raises: AppSilent when the data folder is held by a Senet whose app does not answer.
    """
    running = find_running(settings.DATA_DIR, "app")
    if running is None:
        with clickhouse_held():
            return _ACTS[act](**arguments)
    token = TimestampSigner(salt=_SALT).sign_object({"act": act, "arguments": arguments})
    try:
        response = httpx.post(
            f"{running.app_url}/internal/{act}", headers={_HEADER: token}, timeout=_PATIENCE_SECONDS, trust_env=False
        )
    except httpx.HTTPError as failure:
        raise AppSilent(
            f"The app at {running.app_url} holds the data folder but does not answer ({failure}). "
            "Wait until it has started, or stop it and try again."
        ) from failure
    if response.status_code != 200:
        raise AppSilent(f"The app at {running.app_url} refused: {response.status_code} {response.text[:500]}")
    answer: Answer = response.json()
    return answer


@csrf_exempt
@require_POST
def answer_internal(request: HttpRequest, act: str) -> JsonResponse:
    """Do a thing for a command on this machine."""
    try:
        asked = TimestampSigner(salt=_SALT).unsign_object(request.headers.get(_HEADER, ""), max_age=_TOKEN_LIFE)
    except BadSignature:
        asked = {}
    if asked.get("act") != act or act not in _ACTS:
        return JsonResponse({"error": "This address answers only to Senet's own commands."}, status=403)
    return JsonResponse(_ACTS[act](**asked["arguments"]))


def _as_answer(report: object) -> Answer:
    plain = asdict(report) if is_dataclass(report) and not isinstance(report, type) else report
    answer: Answer = json.loads(json.dumps(plain, default=str))
    return answer


@contextmanager
def clickhouse_held(app_url: str = "") -> Iterator[None]:
    """Hold the embedded ClickHouse for this process alone; nothing to hold when it is a server.

    Raises: DataFolderBusy when another process has it.
    """
    if not settings.CLICKHOUSE_URL.startswith("chdb"):
        yield
        return
    lock = DataFolderLock(settings.DATA_DIR, "app")
    lock.take(app_url=app_url)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def engines_ready() -> Iterator[None]:
    """Have PostgreSQL running for one command: the one that runs, or the embedded one for as long as it takes."""
    if settings.ENVIRONMENT.database_url or find_running(settings.DATA_DIR, "up"):
        yield
        return
    folder = settings.DATA_DIR / "postgres"
    lock = DataFolderLock(settings.DATA_DIR, "up")
    lock.take()
    try:
        start_postgres(folder, tied=True)
        yield
    finally:
        connections.close_all()
        stop_postgres(folder)
        lock.release()
