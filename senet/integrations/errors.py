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


class ChannelNotFound(NotFound):
    """There is no such channel, or you may not see it."""


class ChannelInUse(Conflict):
    """Something uses this channel."""

    code: ClassVar[str] = "channel_in_use"


class ChannelKeyTaken(Conflict):
    """There is a channel by that key already."""

    code: ClassVar[str] = "channel_key_taken"


class ActivityNotFound(NotFound):
    """There is no such channel activity, or you may not see it."""


class ResponseRefused(InvalidInput):
    """The response cannot be recorded."""

    code: ClassVar[str] = "response_refused"


class ResponseConflict(Conflict):
    """This idempotency key was used for another response to the activity."""

    code: ClassVar[str] = "idempotency_conflict"


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
