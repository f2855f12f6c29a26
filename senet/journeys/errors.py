"""What can go wrong with a journey, as sentences."""

from __future__ import annotations

from senet.shared.errors import Conflict, InvalidInput, NotFound


class JourneyNotFound(NotFound):
    """There is no such journey, or you may not see it."""


class TemplateNotFound(NotFound):
    """There is no such journey template, or you may not see it."""


class TemplateLocked(Conflict):
    """This template comes with Senet. Make a journey from it and save that as a template of your own."""

    code = "template_locked"


class VersionNotFound(NotFound):
    """The journey has no version by that number."""


class JourneyHasErrors(InvalidInput):
    """The journey cannot go live yet. Mend the problems and try again."""

    code = "journey_has_errors"


class ActivityTemplateNotFound(NotFound):
    """There is no such activity template, or you may not see it."""


class ActivityNotFound(NotFound):
    """There is no such activity, or you may not see it."""


class FieldLocked(Conflict):
    """This setting is locked in the journey's present state."""

    code = "field_locked"


class WrongState(Conflict):
    """The journey is in a state that does not allow this."""

    code = "wrong_state"
