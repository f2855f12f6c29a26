"""Writes to the log, by COPY, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter

from django.db import connection

import senet.interactions
from senet.interactions.errors import UnknownInteractionType
from senet.interactions.types import TYPES
from senet.interactions.values import Interaction
from senet.shared.clock import utc_now
from senet.shared.sql import execute

COLUMNS = tuple(field.name for field in fields(Interaction))
_DETAIL, _RECORDED_AT = COLUMNS.index("detail"), COLUMNS.index("recorded_at")
_read_columns = attrgetter(*COLUMNS)


def record(rows: Sequence[Interaction]) -> None:
    """Append interactions to the log.

    Raises: UnknownInteractionType, before anything is written.
    """
    if not rows:
        return
    for name in {row.type for row in rows}:
        if name not in TYPES:
            raise UnknownInteractionType(f"There is no interaction type {name!r}. Add it to interactions/types.py.")
    now = utc_now()
    statement = f"COPY interaction ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = list(_read_columns(row))
            values[_RECORDED_AT] = values[_RECORDED_AT] or now
            if values[_DETAIL] is not None:
                values[_DETAIL] = json.dumps(values[_DETAIL], ensure_ascii=False)
            copy.write_row(values)


def change_verdicts(
    judged: Sequence[tuple[int, str, str]], *, xids: tuple[int, int], recorded: tuple[datetime, datetime]
) -> int:
    """Let opens and clicks (id, verdict, rule) be judged anew where PostgreSQL keeps them; return how many it does.

    Verdict and rule are the only columns of the log that ever change: they are not what happened. `xids` and `recorded`
    are the first and the last of them all, so that nothing else of the log is read.
    """
    if not judged:
        return 0
    ids, verdicts, rules = zip(*judged, strict=True)
    parameters = {
        "ids": list(ids),
        "verdicts": list(verdicts),
        "rules": list(rules),
        "first_xid": xids[0],
        "last_xid": xids[1],
        "first_at": recorded[0],
        "last_at": recorded[1],
    }
    return execute(senet.interactions, "change_verdicts", parameters)
