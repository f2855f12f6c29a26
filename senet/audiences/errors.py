"""What can go wrong with segments and lists."""

from senet.shared.errors import Conflict, InvalidInput, NotFound


class SegmentNotFound(NotFound):
    """There is no such segment, or you may not see it."""


class ListNotFound(NotFound):
    """There is no such subscription list, or you may not see it."""


class SegmentLocked(Conflict):
    """This cannot be changed while the segment is live. Stop it first."""

    code = "segment_locked"


class AudienceInUse(Conflict):
    """Something live uses this audience."""

    code = "audience_in_use"


class SegmentNotReady(InvalidInput):
    """The segment has problems that must be mended before it goes live."""

    code = "segment_not_ready"


class EvaluationTooSlow(InvalidInput):
    """Counting takes too long. Make the segment simpler, or go live: a live segment is evaluated piece by piece."""

    code = "evaluation_too_slow"
