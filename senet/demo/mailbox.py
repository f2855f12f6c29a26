"""The demo's mailbox: an SMTP server on loopback, a page that shows what it took, and an audience that reads it.

Input: SMTP on SENET_MAILBOX_SMTP_PORT, the page on SENET_MAILBOX_PORT. Nothing leaves the machine: recipients are not
real, and the audience calls only the installation's own door.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence

import structlog
import uvicorn
from django.conf import settings

from senet.demo.audience import Audience
from senet.demo.pages import make_app
from senet.demo.smtp_sink import Envelope, Sink
from senet.demo.store import MessageStore
from senet.shared.clock import utc_now

log = structlog.get_logger(__name__)


class _PageServer(uvicorn.Server):
    """A web server that leaves the process's signals alone: `stop` ends it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run_mailbox(stop: threading.Event) -> None:
    """Take mail, show it and play its readers until told to stop."""
    asyncio.run(_run(stop))


async def _run(stop: threading.Event) -> None:
    store = MessageStore(messages=settings.MAILBOX_MESSAGES)

    def keep(taken: Sequence[Envelope]) -> None:
        store.add(taken, utc_now())

    sink = Sink(keep)
    await sink.start("127.0.0.1", settings.MAILBOX_SMTP_PORT)
    config = uvicorn.Config(
        make_app(store),
        host=settings.HOST,
        port=settings.MAILBOX_PORT,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
    )
    page = _PageServer(config)
    log.info("mailbox_open", smtp_port=settings.MAILBOX_SMTP_PORT, port=settings.MAILBOX_PORT)
    tasks = [asyncio.create_task(page.serve())]
    if settings.AUDIENCE_DELAY_SECONDS > 0:
        audience = Audience(store, door_url=settings.DOOR_URL, delay_seconds=settings.AUDIENCE_DELAY_SECONDS)
        tasks.append(asyncio.create_task(audience.play()))
    try:
        while not stop.is_set() and not any(task.done() for task in tasks):
            await asyncio.sleep(0.2)
    finally:
        page.should_exit = True
        for audience_task in tasks[1:]:
            audience_task.cancel()
        await sink.stop()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
