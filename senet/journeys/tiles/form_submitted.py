"""Form submitted: whoever submits a marketing form enters here, at once, while the journey runs."""

from __future__ import annotations

from typing import ClassVar, Literal

from senet.journeys.tiles.base import Checking, Entrance


class FormSubmittedTile(Entrance):
    """Calls in the contact of every submission of one form."""

    icon: ClassVar[str] = "form"
    kind: Literal["form_submitted"] = "form_submitted"
    form_id: int | None = None

    def check(self, checking: Checking) -> None:
        if self.form_id is None:
            self.find("form_missing", "No form is chosen.", checking, "Choose the form whose submissions bring people.")
