"""A loop goes on whatever its step does."""

from __future__ import annotations

import threading
from datetime import datetime

from senet.workers.loops import Loop


def run_steps(*outcomes: int | Exception) -> tuple[Loop, int]:
    """Run a loop whose steps end like that, then stop it."""
    stop = threading.Event()
    taken = 0

    def step(_now: datetime) -> int:
        nonlocal taken
        outcome = outcomes[taken]
        taken += 1
        if taken == len(outcomes):
            stop.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    loop = Loop("test", step, pause_seconds=0.001)
    thread = threading.Thread(target=loop.run, args=[stop])
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    return loop, taken


def test_a_step_that_raises_is_tried_again_and_its_error_goes_away() -> None:
    loop, taken = run_steps(ValueError("no"), ValueError("no"), 3)
    assert taken == 3
    assert loop.pulse.error == ""
    assert loop.pulse.detail["last_count"] == 3


def test_the_last_error_is_told() -> None:
    loop, _ = run_steps(1, OSError("no line"))
    assert loop.pulse.as_detail()["error"] == "OSError: no line"
