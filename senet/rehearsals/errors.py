"""What can go wrong with a rehearsal, as sentences."""

from __future__ import annotations

from senet.shared.errors import Conflict, NotFound, SenetError


class RehearsalNotFound(NotFound):
    """There is no such rehearsal, or you may not see it."""


class RehearsalRunning(Conflict):
    """Another process is at work on this rehearsal."""

    code = "rehearsal_running"


class TooManyRehearsals(Conflict):
    """As many rehearsals run as may run at once. Wait until one of them has ended."""

    code = "too_many_rehearsals"


class RehearsalFinished(Conflict):
    """This rehearsal has ended. Start another one."""

    code = "rehearsal_finished"


class RehearsalCancelled(SenetError):
    """The rehearsal was deleted while it ran."""

    code = "rehearsal_cancelled"
    status = 409


class EngineFailed(SenetError):
    """The engine failed while it rehearsed; the log says why. Nothing live was touched."""

    code = "rehearsal_failed"
    status = 500


class StageLost(SenetError):
    """The connection that the rehearsal ran on is gone, and its tables with it. Start it again."""

    code = "stage_lost"
    status = 503


class RehearsalInterrupted(SenetError):
    """The process that rehearsed was told to stop. Start the rehearsal again."""

    code = "rehearsal_interrupted"
    status = 503
