"""Background work: one tick at a time, and journeys that were asked to go live.

The worker's heartbeat ticks by itself; these jobs are for whoever wants a tick without waiting for it.
"""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from senet.journeys.engine import due_work, tick
from senet.journeys.lifecycle import finish_going_live
from senet.shared.clock import utc_now

TICK_SECONDS = 30.0  # then the job makes room for others and queues itself again


@app.task(queue="journeys", queueing_lock="journeys.tick", pass_context=False)
def run_tick() -> None:
    """Do what is due now; go on in a further job when it takes long."""
    tick(utc_now(), seconds=TICK_SECONDS)
    if due_work(utc_now()):
        defer_tick()


@app.task(queue="journeys", pass_context=False)
def publish_journey(journey_id: int, user_id: int | None = None) -> None:
    """Check and freeze a journey that is going live, and start it."""
    finish_going_live(journey_id, utc_now(), user_id)
    defer_tick()


def defer_tick() -> bool:
    """Queue a tick unless one is queued already; say whether it was."""
    try:
        run_tick.defer()
    except AlreadyEnqueued:
        return False
    return True
