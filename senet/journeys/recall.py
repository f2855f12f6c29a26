"""Looking back in the log for what a version asks about and nobody has listened for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

import senet.journeys
from senet.journeys.conditions import THING_COLUMNS, Question
from senet.shared import sql


def recall(journey_id: int, iteration: int, questions: Iterable[Question], *, from_xid: int = 0) -> None:
    """Keep the first answers that the log has, of transactions from one on. Doing it again changes nothing."""
    asked = sorted(questions)
    common = {"journey_id": journey_id, "iteration": iteration, "from_xid": from_xid}
    plain = [question for question in asked if not question.column]
    if plain:
        columns = {"tiles": [each.tile for each in plain], "types": [each.type for each in plain]}
        sql.execute(senet.journeys, "recall_interactions", {**common, **columns})
    things = [question.as_thing for question in asked if question.column]
    if things:
        named = {name: [row[place] for row in things] for place, name in enumerate(THING_COLUMNS)}
        sql.execute(senet.journeys, "recall_things", {**common, **named})


def find_position() -> int:
    """Return the transaction below which the log of interactions has been read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xid FROM engine_position WHERE reader = 'interaction'")
        return int(cursor.fetchone()[0])
