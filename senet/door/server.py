"""Serves the door in this process, until told to stop."""

from __future__ import annotations

import asyncio
import gc
import threading

import uvloop
from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

_MAX_HEADER_BYTES = 64 * 1024  # hyper answers 431 and closes that connection when a head is longer
_LOOK_SECONDS = 0.2


def serve(stop: threading.Event) -> None:
    """Answer the public on SENET_HOST and SENET_DOOR_PORT; end when `stop` is set, after the requests at hand."""
    from senet.door.app import application

    application.start()
    gc.freeze()  # what is there now stays: the collector need not go over it again and again
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(stop))
    finally:
        application.stop()


async def _serve(stop: threading.Event) -> None:
    from senet.door.app import application

    server = Server(
        application,
        address=settings.HOST,
        port=settings.DOOR_PORT,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=2_048,
        log_enabled=False,
        http1_settings=HTTP1Settings(max_buffer_size=_MAX_HEADER_BYTES, header_read_timeout=15_000),
    )
    serving = asyncio.create_task(server.serve())
    while not stop.is_set() and not serving.done():
        await asyncio.sleep(_LOOK_SECONDS)
    server.stop()  # type: ignore[no-untyped-call]  # granian leaves it so
    await serving
