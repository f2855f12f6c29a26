"""Group commit: what arrives while one batch is written is the next batch. A click is answered after its commit.

The door's loop hands in events and gets futures back. They go down the line; while there is none, the standby takes
them, and neither loses one nor writes one twice.
"""

from __future__ import annotations

import asyncio
from collections import deque

import structlog

from senet.door.line import Batch, Line, Unwritten, Waiting
from senet.door.spool import Spool
from senet.door.standby import Standby, first_line, tell
from senet.door.values import Event
from senet.door.writing import Connection

log = structlog.get_logger(__name__)

_BATCH = 1_000  # what the loop can put into a statement in a millisecond or two
_OPENS_WAIT_SECONDS = 0.05
_FINISH_SECONDS = 5.0


class Recorder:
    """Writes opens and clicks. All but `start` and `stop` is for one event loop."""

    def __init__(self, spool: Spool) -> None:
        self._waiting: deque[Waiting] = deque()
        self._urgent = False  # what waits is to go out as soon as the line takes it
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._line: Line | None = None
        self._offered: Connection | None = None
        self._standby = Standby(spool, self._offer)

    def start(self) -> None:
        """Begin to write."""
        self._standby.start()

    def stop(self) -> None:
        """Write what has been handed in, then end; after the loop."""
        line, self._line = self._line, None
        if line is not None:
            self._standby.put(*line.finish(_FINISH_SECONDS))
        self._standby.put(self._waiting)
        self._standby.stop()
        if self._offered is not None:
            self._offered.close()

    def note(self, event: Event) -> None:
        """Hand in an event that nobody waits for; it is written within 200 ms."""
        self._waiting.append((event, None))
        if self._timer is None:
            self._loop = asyncio.get_running_loop()
            self._timer = self._loop.call_later(_OPENS_WAIT_SECONDS, self._end_wait)

    def keep(self, event: Event) -> asyncio.Future[None]:
        """Hand in an event; the future is done when it is durable."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((event, done))
        if not self._urgent:
            self._urgent = True
            self._loop = loop
            loop.call_soon(self._go)
        return done

    def _end_wait(self) -> None:
        self._timer = None
        if not self._urgent:
            self._urgent = True
            self._go()

    def _go(self) -> None:
        if self._line is not None:
            self._line.go()
        elif batch := self._take(len(self._waiting)):
            self._standby.put(batch)

    def _take(self, most: int = _BATCH) -> Batch:
        """Take what waits; opens alone may wait a moment for company."""
        if not self._urgent:
            return ()
        waiting = self._waiting
        batch = [waiting.popleft() for _ in range(min(len(waiting), most))]
        self._urgent = bool(waiting)
        return batch

    def _offer(self, connection: Connection) -> bool:
        """Take a connection as the line; in the standby's thread."""
        if self._loop is None or self._line is not None or self._offered is not None:
            return False
        self._offered = connection
        try:
            self._loop.call_soon_threadsafe(self._open)
        except RuntimeError:  # the loop is closed
            self._offered = None
            return False
        return True

    def _open(self) -> None:
        if self._offered is not None:
            self._line = Line(self._offered, self._take, _tell_written, self._use_standby)
            self._offered = None  # only now: the standby asks for one or the other
            self._line.go()

    def _use_standby(self, unwritten: Unwritten, error: Exception) -> None:
        log.warning("line_broken", error=first_line(error))
        self._line = None
        self._standby.put(*unwritten)
        self._go()


def _tell_written(batch: Batch) -> None:
    tell([done for _, done in batch if done is not None], None)
