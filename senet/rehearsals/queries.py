"""Reads: rehearsals and how far they are."""

from __future__ import annotations

from collections.abc import Iterable

from senet.rehearsals.errors import RehearsalNotFound
from senet.rehearsals.locks import is_held
from senet.rehearsals.models import Rehearsal
from senet.shared.paging import Listing, Sort

REHEARSALS = Listing(sorts={"created_at": Sort("created_at"), "status": Sort("status")}, default_sort="-id")


def get_rehearsal(journey_id: int, rehearsal_id: int) -> Rehearsal:
    """Return a rehearsal of a journey. Raises: RehearsalNotFound."""
    row = Rehearsal.objects.filter(pk=rehearsal_id, journey_id=journey_id).first()
    if row is None:
        raise RehearsalNotFound
    note_interruptions([row])
    return row


def note_interruptions(rows: Iterable[Rehearsal]) -> None:
    """Say of those that claim to run whether anybody is at work on them: a process that was killed says nothing."""
    for row in rows:
        if row.status == "running" and not is_held(row.pk):
            row.status = "interrupted"
            row.error = row.error or "The process that rehearsed is gone. Start the rehearsal again."
