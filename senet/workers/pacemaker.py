"""The worker's heartbeat of work: journeys, calls, segments, the log's summaries and the rest, each at its own pace.

A/B tests that are over are decided within five seconds, and when people open their mails is learned every minute. Each
of these has a thread and a database connection of its own, so that a long evaluation never holds up a journey. Several
workers may run: what they do is claimed in the database.
"""

from __future__ import annotations

from datetime import datetime

from senet.audiences.tasks import evaluate_due
from senet.confirmations.mailing import queue_mails
from senet.door.forward_sending import send_forwards
from senet.integrations.actions import forget_calls
from senet.integrations.caller import Caller
from senet.integrations.http import HttpClient
from senet.integrations.queries import read_policy
from senet.interactions import partitions
from senet.interactions.summaries import Summaries
from senet.journeys.ab_draws import decide_due
from senet.journeys.engine import tick
from senet.journeys.open_hours import learn_open_hours
from senet.workers.loops import Loop

_TICK_SECONDS = 2.0  # then the time is asked again and the heartbeat sees that we live


def move_journeys(now: datetime) -> int:
    """Move everybody who is due, in all live journeys."""
    return tick(now, seconds=_TICK_SECONDS).moved


def evaluate_segments(now: datetime) -> int:
    """Bring the membership of the segments that are due up to date."""
    return len(evaluate_due(now).evaluated)


def keep_house(now: datetime) -> int:
    """Make the log's coming days, and take away what is kept long enough."""
    partitions.ensure(now)
    return forget_calls(now)


def make_summary_loop() -> Loop:
    """Return the loop that keeps the newest stretches of logs and ledger in their indexes."""
    summaries = Summaries()

    def refresh(now: datetime) -> int:
        del now
        summaries.refresh()
        return 0

    return Loop("summaries", refresh, pause_seconds=5.0)


def make_call_loop() -> Loop:
    """Return the loop that makes the calls of workflows; its pulse tells how many wait, and how late the oldest is."""
    caller = Caller(HttpClient(read_policy()))
    loop = Loop("workflows", caller.step, pause_seconds=0.3, at_end=caller.close)
    loop.pulse.tell = caller.tell
    return loop


def make_loops() -> list[Loop]:
    """Return what a worker does again and again."""
    return [
        Loop("journeys", move_journeys, pause_seconds=0.3),
        Loop("segments", evaluate_segments, pause_seconds=1.0),
        make_call_loop(),
        make_summary_loop(),
        Loop("housekeeping", keep_house, pause_seconds=60.0),
        Loop("forwards", send_forwards, pause_seconds=2.0),
        Loop("confirmations", queue_mails, pause_seconds=1.0),
        Loop("ab tests", decide_due, pause_seconds=5.0),
        Loop("open hours", learn_open_hours, pause_seconds=60.0),
    ]
