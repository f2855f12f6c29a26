"""Static segments made of whom another room picks, such as the people behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction

import senet.audiences
from senet.audiences.actions import create_segment
from senet.audiences.models import Segment
from senet.audiences.values import By, SegmentStatus
from senet.shared.sql import load_sql

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Picked:
    """A statement that selects contact ids, with named parameters and the values they bind."""

    statement: str
    parameters: Mapping[str, Any] = field(default_factory=dict)  # psycopg adapts them


def create_segment_of(
    picked: Picked,
    *,
    name: str,
    business_unit_id: int,
    now: datetime,
    description: str = "",
    owner_id: int | None = None,
    live: bool = False,
) -> tuple[int, int]:
    """Make a static segment with exactly those whom a statement picks; return its id and its size.

    All are picked at one moment, by one statement, however many they are. A live one can be used at once: its
    membership is true already. Raises: InvalidInput.
    """
    with transaction.atomic():
        segment_id = create_segment(
            name=name,
            kind="static",
            definition={},
            description=description,
            business_unit_id=business_unit_id,
            owner_id=owner_id,
        )
        size = _fill(segment_id, picked, now)
        known = {"size": size, "evaluated_at": now, "fully_evaluated_at": now}
        if live:
            known |= {"status": SegmentStatus.LIVE.value, "live_definition": {}, "progress": 1, "generation": 1}
        Segment.objects.filter(pk=segment_id).update(**known)
    log.info("segment_filled", segment_id=segment_id, size=size)
    return segment_id, size


def _fill(segment_id: int, picked: Picked, now: datetime) -> int:
    text = load_sql(senet.audiences, "fill_segment").replace("/* contacts */", picked.statement)
    own: dict[str, Any] = {"segment_id": segment_id, "joined_at": now, "by": By.USER}
    if clash := own.keys() & picked.parameters.keys():
        raise ValueError(f"These parameters have another meaning here: {', '.join(sorted(clash))}.")
    with connection.cursor() as cursor:
        cursor.execute(text, {**picked.parameters, **own})
        return int(cursor.fetchone()[0])
