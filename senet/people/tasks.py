"""Background work: imports that were started through the API."""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app

from senet.people.errors import ImportFinished, ImportRunning
from senet.people.importing.run import run_import
from senet.people.importing.start import forget_upload
from senet.shared.errors import SenetError

log = structlog.get_logger(__name__)


@app.task(queue="imports", pass_context=False)
def run_import_job(run_id: int) -> None:
    """Run an import to its end. What is wrong with its file is kept in the run; the job has then done its work."""
    try:
        run_import(run_id)
    except (ImportRunning, ImportFinished):
        log.info("import_not_needed", run_id=run_id)
    except SenetError as error:
        log.warning("import_failed", run_id=run_id, error=error.code)
        forget_upload(run_id)
    else:
        forget_upload(run_id)
