"""Background work: rehearsals that were asked for through the API."""

from __future__ import annotations

import structlog
from procrastinate import JobContext
from procrastinate.contrib.django import app

from senet.rehearsals.actions import run_rehearsal
from senet.rehearsals.errors import TooManyRehearsals
from senet.shared.errors import SenetError

log = structlog.get_logger(__name__)

_TRY_AGAIN_SECONDS = 2


@app.task(queue="rehearsals", pass_context=True)
def run_rehearsal_job(context: JobContext, rehearsal_id: int) -> None:
    """Run a rehearsal; wait for a place when all are taken. What keeps it from its report is kept in its row."""
    try:
        run_rehearsal(rehearsal_id, should_stop=context.should_abort)
    except TooManyRehearsals:
        run_rehearsal_job.configure(schedule_in={"seconds": _TRY_AGAIN_SECONDS}).defer(rehearsal_id=rehearsal_id)
    except SenetError as error:
        log.info("rehearsal_ended_without_report", rehearsal_id=rehearsal_id, error=error.code)
