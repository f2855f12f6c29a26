"""Writes results down in a thread of its own, several batches in one transaction when they have piled up."""

from __future__ import annotations

import queue
from collections.abc import Sequence

from senet.delivery.background import Background
from senet.delivery.ports import MailClient
from senet.messages.actions import record_results
from senet.messages.values import Result
from senet.shared.clock import utc_now

_MOST = 200


class Recorder:
    """Takes results in, and lets them out of `recorded` when they are on disk. It never gives one up."""

    def __init__(self, sender: int, client: MailClient) -> None:
        self._sender = sender
        self._client = client
        self._waiting: queue.SimpleQueue[Sequence[Result] | None] = queue.SimpleQueue()
        self._recorded: queue.SimpleQueue[Sequence[Result]] = queue.SimpleQueue()
        self._batch: list[Result] = []
        self._ending = False
        self._background = Background("recorder", self._step)

    def start(self) -> None:
        """Start writing."""
        self._background.start()

    def put(self, results: Sequence[Result]) -> None:
        """Hand results over."""
        self._waiting.put(results)

    def take_recorded(self) -> list[Result]:
        """Return the results that were written since the last time."""
        found: list[Result] = []
        while not self._recorded.empty():
            found.extend(self._recorded.get_nowait())
        return found

    def stop(self, *, seconds: float) -> bool:
        """Write what is left and end; False when that was not possible."""
        self._waiting.put(None)
        return self._background.end(seconds=seconds, patient=True)  # what is not written down is sent again

    @property
    def trouble(self) -> str:
        """What keeps it from writing, in words."""
        return self._background.trouble

    def _step(self) -> bool:
        if not self._batch:  # else: the database failed the last time
            self._collect()
        if self._batch:
            record_results(self._batch, sender=self._sender, now=utc_now())
            self._recorded.put(self._batch)
            self._batch = []
            self._client.wake()
        return not self._ending

    def _collect(self) -> None:
        wait = True
        while len(self._batch) < _MOST and (wait or not self._waiting.empty()):
            results = self._waiting.get()
            wait = False
            if results is None:
                self._ending = True
                return
            self._batch.extend(results)
