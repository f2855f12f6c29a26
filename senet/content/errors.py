"""What can go wrong here."""

from __future__ import annotations

from senet.shared.errors import Conflict, InvalidInput, SenetError


class RenderError(SenetError):
    """This one message cannot be rendered; the others can.

    `reason` is the name of the interaction that says why (product facts 3.9); `message` is the sentence for its detail.
    """

    code = "render_failed"
    status = 422

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class TemplateInvalid(InvalidInput):
    """The template cannot be read as Liquid. Mend what the problems say and try again."""

    code = "template_invalid"


class EmailNotReady(InvalidInput):
    """The email cannot go live yet. Mend every error that the check lists."""

    code = "email_not_ready"


class EmailTemplateLocked(Conflict):
    """This template came with Senet and cannot be changed. Make an email from it and save that as a template."""

    code = "template_locked"


class FieldLocked(Conflict):
    """This field cannot be changed in the record's present state."""

    code = "field_locked"
