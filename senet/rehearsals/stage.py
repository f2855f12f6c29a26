"""The stage: a session in which every table that the engine writes is a temporary one, and nothing else can be written.

The engine's statements name tables without a schema, and PostgreSQL looks for temporary tables first: in this session
`visit` is the stage's own. The session is read-only, which for PostgreSQL means that only temporary tables may be
written; a statement that wants to write anything else is refused, whoever wrote it. What the engine only reads (emails,
content settings, users) it reads where it is. The tables go when the session does, also when its process is killed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import sql

import senet.journeys
import senet.rehearsals
from senet.journeys.definition import read_definition
from senet.journeys.models import Journey
from senet.rehearsals.errors import StageLost
from senet.shared.sql import execute, fetch_all, load_sql


class Fill(Enum):
    """What a table of the stage holds in the beginning."""

    NOTHING = "nothing"
    PEOPLE = "people"  # the rows of those who take part
    EVERYTHING = "everything"


# Every table that the engine, or a room that a tile calls, may write. A tile that writes another one fails in a
# rehearsal, with PostgreSQL's own words; tests/integration/rehearsals plays every kind of tile.
TABLES: Mapping[str, Fill] = {
    "journey": Fill.NOTHING,  # the rehearsed one is drawn anew on the stage
    "journey_version": Fill.NOTHING,
    "iteration": Fill.NOTHING,
    "milestone": Fill.NOTHING,
    "visit": Fill.NOTHING,
    "enrolment": Fill.NOTHING,
    "entry": Fill.NOTHING,
    "split_share": Fill.NOTHING,
    "ab_test": Fill.EVERYTHING,  # as if none had begun
    "ab_message": Fill.NOTHING,
    "company_decision": Fill.NOTHING,
    "first_interaction": Fill.NOTHING,
    "interaction": Fill.NOTHING,
    "membership_change": Fill.NOTHING,
    "message": Fill.NOTHING,
    "message_queue": Fill.NOTHING,
    "message_terms": Fill.NOTHING,
    "mail_quota": Fill.EVERYTHING,
    "workflow_call": Fill.NOTHING,  # launched, and never made
    "channel_activity": Fill.NOTHING,  # made, and nobody acts on it
    "activity": Fill.NOTHING,
    "lead": Fill.NOTHING,
    "resumption": Fill.NOTHING,
    "postponed_news": Fill.NOTHING,
    "record_watch": Fill.NOTHING,
    "record_change": Fill.NOTHING,
    "procrastinate_jobs": Fill.NOTHING,  # what a tile puts off to a job waits for ever: nobody works here
    "engine_position": Fill.EVERYTHING,
    "contact": Fill.PEOPLE,
    "segment_member": Fill.PEOPLE,
    "list_member": Fill.PEOPLE,
}
_SILENT = "procrastinate_jobs"  # its triggers would call the live workers
_WORKING = ("cohort", "leaving", "parted", "unheard", "news")  # what the engine works with within a transaction
_MADE = "stage_"  # tables bear this name until all are filled, so that meanwhile the plain names mean the live ones
_FIRST_ID = 2**47  # rows of the stage have numbers that no live row has: what a process remembers of them stays apart
_IDS = 2**24  # numbers of one rehearsal's table


class StageConnection(DatabaseWrapper):
    """A session that may read everything and write temporary tables only. It is never made twice."""

    _made = False
    is_set = False  # whether the tables are all there

    def get_connection_params(self) -> dict[str, object]:
        """Return what the driver is given: read-only from its first statement."""
        parameters: dict[str, object] = super().get_connection_params()
        options = "-c default_transaction_read_only=on -c synchronous_commit=off -c temp_buffers=128MB"
        parameters["options"] = f"{parameters.get('options', '')} {options}".strip()
        return parameters

    def connect(self) -> None:
        """Connect, once: a second session would not have the tables. Raises: StageLost."""
        if self._made:
            raise StageLost
        self._made = True
        super().connect()

    def commit(self) -> None:
        """Commit, and leave the engine's working tables empty, as it finds them."""
        if self.is_set:
            self.connection.execute("; ".join(f"DELETE FROM {table}" for table in _WORKING))
        super().commit()


@contextmanager
def on_stage() -> Iterator[BaseDatabaseWrapper]:
    """Let this thread's database connection be a new stage; yield the one that it was before."""
    live = connections[DEFAULT_DB_ALIAS]
    options = {name: value for name, value in live.settings_dict["OPTIONS"].items() if name != "pool"}
    stage = StageConnection({**live.settings_dict, "OPTIONS": options}, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = stage
    try:
        yield live
    finally:
        connections[DEFAULT_DB_ALIAS] = live
        stage.close()


def set_up(rehearsal_id: int, journey: Journey, *, people: int, seed: int) -> int:
    """Make the stage's tables and fill them with those who take part; return how many are in the audience."""
    definition = read_definition(journey.definition)
    segments = {each for entrance in definition.entrances for each in entrance.included_segments}
    excluded = {each for entrance in definition.entrances for each in entrance.excluded_segments}
    lists = {each for entrance in definition.entrances for each in entrance.included_lists}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ WRITE")  # temporary tables are made, nothing else is written
        execute(senet.rehearsals, "open_stage")
        asked = {"segments": sorted(segments), "lists": sorted(lists), "by_company": journey.target == "company"}
        ((audience,),) = fetch_all(senet.rehearsals, "sample_audience", {**asked, "people": people, "seed": seed})
        for table, fill in TABLES.items():
            _make(table, fill, _FIRST_ID + rehearsal_id % 2**22 * _IDS)
        suppressed = {journey.suppression_segment_id} - {None}
        execute(senet.rehearsals, "fill_contacts")
        execute(senet.rehearsals, "fill_segment_members", {"segments": sorted(segments | excluded | suppressed)})
        execute(senet.rehearsals, "fill_list_members")
        for table, fill in TABLES.items():
            _finish(table, fill)
        _make_working_tables()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', 'rehearsal, ' || current_setting('search_path'), false)")
        cursor.execute("UPDATE engine_position SET xid = senet_horizon(), upto_xid = NULL, last_id = 0")
        cursor.execute("UPDATE ab_test SET status = 'draft', journey_id = NULL, tile = NULL, winner = NULL")
        cursor.execute("SELECT setseed(%s)", [seed / 2**31])
    refresh_statistics("contact", "segment_member", "list_member", "person")
    stage = connections[DEFAULT_DB_ALIAS]
    assert isinstance(stage, StageConnection)  # noqa: S101  the caller is on a stage
    stage.is_set = True
    return int(audience)


def _make_working_tables() -> None:
    """Make what the engine works with, without what empties it at every commit.

    That takes PostgreSQL a millisecond, here also after each statement that only reads: all that is read is temporary.
    """
    with connection.cursor() as cursor:
        cursor.execute(load_sql(senet.journeys, "open_temporary_tables").replace(" ON COMMIT DELETE ROWS", ""))


def _make(table: str, fill: Fill, first_id: int) -> None:
    """Make one table as the live one is, without its references. Indexes of what is filled come when it is full."""
    names = {"made": sql.Identifier(_MADE + table), "live": sql.Identifier(table)}
    with connection.cursor() as cursor:
        statement = "CREATE TEMPORARY TABLE {made} (LIKE {live} INCLUDING ALL)"
        if fill is Fill.PEOPLE:
            statement = "CREATE TEMPORARY TABLE {made} (LIKE {live} INCLUDING ALL EXCLUDING INDEXES)"
        cursor.execute(sql.SQL(statement).format(**names))
        for (options,) in fetch_all(senet.rehearsals, "find_storage", {"table": table}):
            cursor.execute(f"ALTER TABLE {_MADE}{table} SET ({options})")
        if fill is Fill.EVERYTHING:
            cursor.execute(sql.SQL("INSERT INTO {made} OVERRIDING SYSTEM VALUE SELECT * FROM {live}").format(**names))
        for (column,) in fetch_all(senet.rehearsals, "list_identities", {"table": table}):
            cursor.execute(
                sql.SQL("ALTER TABLE {made} ALTER COLUMN {column} RESTART WITH {first}").format(
                    **names, column=sql.Identifier(column), first=sql.Literal(first_id)
                )
            )


def _finish(table: str, fill: Fill) -> None:
    """Give a filled table its key and triggers, and then its name: from here on that means the stage's table."""
    made, name = sql.Identifier(_MADE + table), sql.Identifier(table)
    with connection.cursor() as cursor:
        if table != _SILENT:
            for (trigger,) in fetch_all(senet.rehearsals, "list_triggers", {"table": table}):
                cursor.execute(re.sub(r" ON \S+ ", f" ON {_MADE}{table} ", trigger, count=1))
        if fill is Fill.PEOPLE:
            ((key,),) = fetch_all(senet.rehearsals, "find_key", {"table": table})
            cursor.execute(sql.SQL("ALTER TABLE {} ADD {}").format(made, sql.SQL(key)))
        cursor.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(made, name))


def clear_away(*tables: str) -> None:
    """Free tables of rows that are gone and that every search walks over; nobody else does it for temporary ones."""
    names = sql.SQL(", ").join(map(sql.Identifier, (*tables, *_WORKING)))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("VACUUM (ANALYZE, INDEX_CLEANUP on) {}").format(names))


def refresh_statistics(*tables: str) -> None:
    """Tell the planner what tables look like now; nobody else does it for temporary ones."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
