"""The kinds of tiles. A new one is a file here, its name in `AnyTile`, and a test."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from senet.journeys.tiles.activity import ActivityTile
from senet.journeys.tiles.appointment import AppointmentTile
from senet.journeys.tiles.audience import AudienceTile
from senet.journeys.tiles.base import Entrance, Tile
from senet.journeys.tiles.create_lead import CreateLeadTile
from senet.journeys.tiles.custom_channel import CustomChannelTile
from senet.journeys.tiles.email import EmailTile
from senet.journeys.tiles.event import EventTile
from senet.journeys.tiles.exit import ExitTile
from senet.journeys.tiles.form import FormTile
from senet.journeys.tiles.form_submitted import FormSubmittedTile
from senet.journeys.tiles.if_then import IfThenTile
from senet.journeys.tiles.page import PageTile
from senet.journeys.tiles.phone_call import PhoneCallTile
from senet.journeys.tiles.push import PushTile
from senet.journeys.tiles.record_updated import RecordUpdatedTile
from senet.journeys.tiles.run_workflow import RunWorkflowTile
from senet.journeys.tiles.split import SplitTile
from senet.journeys.tiles.survey import SurveyTile
from senet.journeys.tiles.task import TaskTile
from senet.journeys.tiles.text_message import TextMessageTile
from senet.journeys.tiles.update_column import UpdateColumnTile
from senet.journeys.tiles.wait_for import WaitForTile
from senet.journeys.tiles.wait_until import WaitUntilTile

AnyTile = (
    AudienceTile
    | FormSubmittedTile
    | RecordUpdatedTile
    | EmailTile
    | WaitForTile
    | WaitUntilTile
    | EventTile
    | FormTile
    | PageTile
    | SurveyTile
    | IfThenTile
    | SplitTile
    | TaskTile
    | PhoneCallTile
    | AppointmentTile
    | CreateLeadTile
    | UpdateColumnTile
    | ExitTile
    | RunWorkflowTile
    | CustomChannelTile
    | TextMessageTile
    | PushTile
)
DrawnTile = Annotated[AnyTile, Field(discriminator="kind")]
REGISTRY: dict[str, type[Tile]] = {tile.model_fields["kind"].default: tile for tile in get_args(AnyTile)}

__all__ = [
    "REGISTRY",
    "ActivityTile",
    "AnyTile",
    "AppointmentTile",
    "AudienceTile",
    "CreateLeadTile",
    "CustomChannelTile",
    "DrawnTile",
    "EmailTile",
    "Entrance",
    "EventTile",
    "ExitTile",
    "FormSubmittedTile",
    "FormTile",
    "IfThenTile",
    "PageTile",
    "PhoneCallTile",
    "PushTile",
    "RecordUpdatedTile",
    "RunWorkflowTile",
    "SplitTile",
    "SurveyTile",
    "TaskTile",
    "TextMessageTile",
    "UpdateColumnTile",
    "WaitForTile",
    "WaitUntilTile",
]
