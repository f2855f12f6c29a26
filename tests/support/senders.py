"""Senders that run in a thread of the test, with a provider in memory or with whatever else they are told to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from senet.delivery.memory import MemoryClient
from senet.delivery.ports import MailClient
from senet.delivery.providers import Provider
from senet.delivery.sender import Sender, SenderStatus
from senet.delivery.values import Outcome
from tests.support.messages import count_states
from tests.support.processes import wait_for


class StuckClient(MemoryClient):
    """Takes as many messages as it can hold, and answers none of them before it is told to."""

    answers = False

    def poll(self, timeout_seconds: float) -> Sequence[Outcome]:
        """Answer when it may."""
        return super().poll(timeout_seconds) if self.answers else []


@contextmanager
def running(act: Callable[[threading.Event], None], stop: threading.Event | None = None) -> Iterator[None]:
    """Run a sender in a thread for the length of a block, and see that it ends. `stop` is set when it has to."""
    stop, failures = stop or threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            act(stop)
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()
    assert failures == []


def sending_through(client: MailClient, status: SenderStatus | None = None) -> Callable[[threading.Event], None]:
    """Return what a sender does whose provider is this client."""
    provider = Provider("memory", None, lambda: client)
    return lambda stop: Sender(provider, status or SenderStatus()).run(stop)


def wait_until_settled(*, seconds: float = 30) -> None:
    """Wait until no message is queued or on its way."""
    wait_for(lambda: not {"queued", "sending"} & count_states().keys(), seconds=seconds, what="everything is settled")
