"""What crosses this room's door: one interaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Interaction:
    """One fact of the log. Its fields are the table's columns; `type` is a name of `types.TYPES`.

    `recorded_at` is left to the database but by those who write history. `detail` holds what the type adds.
    """

    type: str
    at: datetime
    recorded_at: datetime | None = None
    contact_id: int | None = None
    company_id: int | None = None
    lead_id: int | None = None
    visitor: str | None = None
    session: str | None = None
    journey_id: int | None = None
    iteration: int | None = None
    tile: int | None = None
    message_id: int | None = None
    email_id: int | None = None
    link: int | None = None
    form_id: int | None = None
    submission_id: int | None = None
    page_id: int | None = None
    website_id: int | None = None
    redirect_id: int | None = None
    list_id: int | None = None
    segment_id: int | None = None
    event_id: int | None = None
    domain: str | None = None
    address: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    browser: str | None = None
    os: str | None = None
    device: str | None = None
    verdict: str | None = None
    rule: str | None = None
    detail: Mapping[str, object] | None = None
