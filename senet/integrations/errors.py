"""What can go wrong with workflows and calls, as sentences."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from senet.shared.errors import Conflict, InvalidInput, NotFound


class WorkflowNotFound(NotFound):
    """There is no such workflow, or you may not see it."""


class WorkflowInUse(Conflict):
    """Something uses this workflow."""

    code: ClassVar[str] = "workflow_in_use"


class RecoveryItemNotFound(NotFound):
    """There is no such recovery item. It may have been recovered or deleted already."""


class AddressRefused(Exception):
    """The name leads to addresses that webhooks may not reach."""


class ActionsBroken(InvalidInput):
    """A module that `SENET_ACTIONS` lists cannot be imported."""

    code: ClassVar[str] = "actions_broken"


class GiveUp(Exception):
    """Raised by an action when trying again cannot help; its words are shown with the recovery item."""


class TryLater(Exception):
    """Raised by an action that should be called again after a while."""

    def __init__(self, message: str, after: timedelta) -> None:
        super().__init__(message)
        self.after = after
