"""Routes: how often and when people get bulk mail, for the installation and for units with limits of their own."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from senet.accounts.http import require
from senet.accounts.queries import has_unit
from senet.accounts.values import Permission
from senet.messages.limits import DEFAULT_DELAY_HOURS, LONGEST_DELAY_HOURS, PERIODS, change_limits, forget_limits
from senet.messages.models import SendingLimit
from senet.shared.clock import utc_now
from senet.shared.errors import NotFound

router = Router(tags=["sending limits"])
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


class SendingLimitsIn(Schema):
    """The frequency cap and quiet hours for commercial mail. Transactional mail is neither limited nor counted."""

    per_day: int | None = Field(None, ge=1, le=1000, description="Mails to a person in 24 hours; nothing: no limit.")
    per_week: int | None = Field(None, ge=1, le=1000, description="In 7 days.")
    per_month: int | None = Field(None, ge=1, le=1000, description="In 30 days.")
    delays: bool = Field(True, description="What the cap holds back waits until it is allowed; else it is blocked.")
    longest_delay_hours: int = Field(
        DEFAULT_DELAY_HOURS, ge=1, le=LONGEST_DELAY_HOURS, description="What would have to wait for longer is blocked."
    )
    quiet_from: str | None = Field(None, pattern=_CLOCK, description="Quiet hours begin, by the person's own clock.")
    quiet_until: str | None = Field(None, pattern=_CLOCK, description="They end; 21:00 to 08:00 lasts over midnight.")
    time_zone: str = Field("UTC", max_length=100, description="Where neither the person's nor the journey's is known.")


class SendingLimitsOut(SendingLimitsIn):
    """Limits, and whose they are."""

    business_unit_id: int | None = Field(description="Nothing: the installation.")
    updated_at: datetime | None


class AllSendingLimitsOut(Schema):
    """The installation's limits, and those of the business units that have their own."""

    installation: SendingLimitsOut
    business_units: list[SendingLimitsOut]


@router.get("/sending-limits", response=AllSendingLimitsOut, operation_id="sending_limits_get")
def get_limits(request: HttpRequest) -> dict[str, Any]:
    """Return every limit."""
    require(request, Permission.VIEW)
    rows = [_show(row) for row in SendingLimit.objects.order_by("business_unit_id")]
    installation = [row for row in rows if row["business_unit_id"] is None] or [_show(SendingLimit())]
    units = [row for row in rows if row["business_unit_id"] is not None]
    return {"installation": installation[0], "business_units": units}


@router.put("/sending-limits", response=SendingLimitsOut, operation_id="sending_limits_set")
def set_limits(request: HttpRequest, body: SendingLimitsIn) -> dict[str, Any]:
    """Set the installation's limits; senders obey within seconds, also for mails that wait already."""
    return _set(request, None, body)


@router.put("/sending-limits/{int:unit_id}", response=SendingLimitsOut, operation_id="sending_limits_set_unit")
def set_unit_limits(request: HttpRequest, unit_id: int, body: SendingLimitsIn) -> dict[str, Any]:
    """Set a business unit's own limits, which hold for its contacts instead of the installation's."""
    require(request, Permission.ADMINISTER)
    if not has_unit(unit_id):
        raise NotFound("There is no such business unit.")
    return _set(request, unit_id, body)


@router.delete("/sending-limits/{int:unit_id}", response={204: None}, operation_id="sending_limits_forget_unit")
def forget_unit_limits(request: HttpRequest, unit_id: int) -> Status[None]:
    """Let the installation's limits hold for a business unit again."""
    require(request, Permission.ADMINISTER)
    forget_limits(unit_id)
    return Status(204, None)


def _set(request: HttpRequest, unit_id: int | None, body: SendingLimitsIn) -> dict[str, Any]:
    who = require(request, Permission.ADMINISTER)
    values = body.dict()
    for name in ("quiet_from", "quiet_until"):
        values[name] = time.fromisoformat(values[name]) if values[name] is not None else None
    change_limits(unit_id, values, user_id=who.user_id, now=utc_now())
    return _show(SendingLimit.objects.get(business_unit_id=unit_id))


def _show(row: SendingLimit) -> dict[str, Any]:  # a schema's values
    clocks = {
        name: f"{clock:%H:%M}" if (clock := getattr(row, name)) is not None else None
        for name in ("quiet_from", "quiet_until")
    }
    names = (*PERIODS, "delays", "longest_delay_hours", "time_zone", "business_unit_id", "updated_at")
    return {**{name: getattr(row, name) for name in names}, **clocks}
