"""Survey: names a survey, so that later if/then tiles can ask about it."""

from __future__ import annotations

from typing import ClassVar, Literal

from senet.journeys.conditions import Element, Thing
from senet.journeys.tiles.content import ContentTile


class SurveyTile(ContentTile):
    """Names a survey; everybody passes."""

    thing: ClassVar[Thing] = "survey"
    kind: Literal["survey"] = "survey"
    survey_id: int | None = None

    @property
    def element(self) -> Element:
        return Element(kind="survey", record_id=self.survey_id)
