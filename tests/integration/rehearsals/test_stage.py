"""The stage keeps everything live apart: nothing is written there, nobody there is waited for, nothing stays behind."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

import senet
from senet.journeys.definition import read_definition
from senet.journeys.engine import tick
from senet.journeys.models import Journey
from senet.journeys.plan import get_plan
from senet.journeys.tiles import REGISTRY
from senet.rehearsals.errors import StageLost
from senet.rehearsals.stage import TABLES, on_stage, set_up
from tests.support.channels import make_channel
from tests.support.databases import with_database
from tests.support.journeys import (
    START,
    Json,
    Lane,
    World,
    appointment,
    audience,
    create_lead,
    custom_channel,
    email,
    form_submitted,
    if_then,
    leave_journey,
    make_email,
    make_list,
    make_segment,
    opened,
    phone_call,
    record_updated,
    run_workflow,
    split,
    task,
    update_column,
    visits,
    wait,
    wait_until,
)
from tests.support.people import make_company, make_contact, make_contacts
from tests.support.rehearsals import NOBODY, after, rehearse
from tests.support.webhooks import make_workflow

BUSY: Json = {
    "open_rate": 0.5, "click_rate": 0.3, "unsubscribe_rate": 0.2, "hard_bounce_rate": 0.1, "soft_bounce_rate": 0.1,
    "block_bounce_rate": 0.1, "open_delay": after(20, 1), "click_delay": after(20, 1),
}  # fmt: skip


NEVER_LIVE = {"text_message", "push"}  # drawn and checked; a journey with one is refused


def draw_everything(world: World, people: list[int]) -> int:
    """A journey with every kind of tile; its last lane begins with a record that the first one makes.

    A new kind of tile is drawn here, and what it writes is put into TABLES.
    """
    lane = audience(make_segment(people), lists=[make_list(people[:5])]) >> email(make_email("https://example.org"))
    for content in ("page", "form", "event", "survey"):
        lane >>= Lane({"kind": content, f"{content}_id": 7})
    followed = task("Write") >> phone_call("Ring") >> appointment("Meet")
    bought = (
        create_lead(topic="Interested")
        >> update_column("consent_level", 3)
        >> run_workflow(make_workflow()[0])
        >> custom_channel(make_channel())
        >> split((50, email(make_email())), (None, leave_journey()))
    )
    lane >>= if_then(opened(2), days=2, yes=wait_until("2026-03-10T09:00") >> followed, no=wait(days=1) >> bought)
    return world.draw(lane, form_submitted(3) >> task("Form"), record_updated("lead", "create") >> task("Lead"))


def look_at_everything_live() -> dict[str, object]:
    """A digest of every row of every live table, and the numbers that sequences have given."""
    seen: dict[str, object] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'rehearsal'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM public.{table} AS t")
            seen[table] = cursor.fetchone()
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        seen |= {f"sequence {name}": value for name, value in cursor.fetchall() if not name.startswith("rehearsal")}
    return seen


def test_every_kind_of_tile_can_be_rehearsed_and_nothing_live_is_written(world: World) -> None:
    people = [make_contact(company=make_company()).pk for _ in range(40)]
    journey = draw_everything(world, people)
    drawn = read_definition(Journey.objects.get(pk=journey).definition)
    assert {tile.kind for tile in drawn.tiles} == set(REGISTRY) - NEVER_LIVE
    waiting = world.run(audience(make_segment(people)) >> email(make_email()) >> if_then(opened(2), days=9, yes=task()))
    before = look_at_everything_live()
    report = rehearse(world, journey, days=30, behaviour=BUSY)
    assert look_at_everything_live() == before
    flows = {flow.tile: flow for flow in report.tiles}
    form = next(tile for tile in drawn.tiles if tile.kind == "form_submitted")
    assert {flow.tile for flow in report.tiles if not flow.arrived} == {form.id, *form.exits}
    assert sum(flow.failed for flow in report.tiles) == 0
    assert flows[1].arrived == 40
    world.tick(days=1)
    assert {visit.tile for visit in visits(waiting) if visit.left_at is None} == {3}


def test_nothing_is_sent_and_no_job_is_put_off(world: World) -> None:
    people = make_contacts(5)
    journey = world.draw(audience(make_segment(people)) >> email(make_email()) >> run_workflow(make_workflow()[0]))
    report = rehearse(world, journey, days=2)
    assert report.tiles[1].mail is not None
    assert report.tiles[1].mail.queued == 5
    with connection.cursor() as cursor:
        for table in ("message", "message_queue", "workflow_call", "procrastinate_jobs", "interaction"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO company (name, business_unit_id) VALUES ('New', 1)",
        "UPDATE public.contact SET active = false",
        "DELETE FROM public.journey",
        "SELECT nextval('public.contact_id_seq')",
        "SELECT FROM public.contact FOR UPDATE",
        "TRUNCATE public.visit",
        "ALTER TABLE public.visit ADD COLUMN lost int",
        "CREATE TABLE left_behind (id int)",
    ],
)
def test_postgresql_itself_refuses_to_write_what_is_not_on_the_stage(world: World, statement: str) -> None:
    journey = Journey.objects.get(pk=world.draw(audience(make_segment(make_contacts(1))) >> task()))
    with on_stage():
        set_up(1, journey, people=10, seed=1)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE contact SET active = false")
            assert cursor.rowcount == 1
            with pytest.raises(DatabaseError, match="read-only transaction"):
                cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contact WHERE active")
        assert cursor.fetchone() == (1,)


def test_a_stage_that_is_lost_is_never_taken_for_the_live_tables(world: World) -> None:
    journey = Journey.objects.get(pk=world.draw(audience(make_segment(make_contacts(1))) >> task()))
    with on_stage():
        set_up(1, journey, people=10, seed=1)
        connection.close()
        with pytest.raises(StageLost):
            tick(START)
        with pytest.raises(StageLost), transaction.atomic():
            tick(START)


def test_what_a_process_remembers_of_a_rehearsal_is_of_no_live_journey(world: World) -> None:
    people = make_contacts(2)
    journey = world.draw(audience(make_segment(people)) >> wait(days=1) >> task("Call"))
    get_plan.cache_clear()
    rehearse(world, journey, days=3)
    world.go_live(journey)
    live = Journey.objects.get(pk=journey)
    assert live.live_version_id is not None
    assert get_plan(live.live_version_id).journey_id == journey


def test_open_transactions_of_others_hold_no_rehearsal_up(world: World) -> None:
    people = make_contacts(3)
    journey = world.draw(audience(make_segment(people)) >> email(make_email()) >> if_then(opened(2), days=3))
    with psycopg.connect(with_database(connection.settings_dict["NAME"])) as other:
        other.execute("SELECT pg_current_xact_id()")
        opens = {**NOBODY, "open_rate": 1, "open_delay": after(5)}
        report = rehearse(world, journey, days=5, behaviour=opens)
        other.rollback()
    assert [path.people for path in report.tiles[2].paths] == [3, 0]


def test_a_rehearsal_does_not_hold_the_live_journey(world: World) -> None:
    journey = world.run(audience(make_segment(make_contacts(1))) >> wait(days=1) >> task("Call"))
    held = connection.settings_dict["NAME"]
    with psycopg.connect(with_database(held)) as mover:
        mover.execute("SELECT pg_advisory_xact_lock(%s)", [(0x5E4E << 48) + journey])
        assert rehearse(world, journey, days=2).entered == 1


_LEARNED = {"open_hour", "zone_open_hour", "open_hour_position"}  # by a loop of the worker, never by a tile


def _written(text: str) -> set[str]:
    code = "\n".join(line.split("--")[0] for line in text.splitlines())
    found = re.findall(r"\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|(?<!FOR )(?<!DO )UPDATE)\s+([a-z_]+)", code)
    return {name for name in found if name not in {"set", "skip", "of"}}


def test_every_table_that_the_engines_statements_write_is_on_the_stage() -> None:
    journeys = Path(senet.__file__).parent / "journeys"
    written: set[str] = set()
    for path in [*journeys.glob("sql/*.sql"), *journeys.glob("*.py"), *journeys.glob("tiles/*.py")]:
        written |= _written(path.read_text(encoding="utf-8"))
    assert {"visit", "enrolment", "split_share"} <= written
    opening = (journeys / "sql/open_temporary_tables.sql").read_text(encoding="utf-8")
    temporary = set(re.findall(r"CREATE TEMPORARY TABLE IF NOT EXISTS (\w+)", opening))
    assert written - temporary - TABLES.keys() == _LEARNED


def test_the_engine_never_asks_for_everybodys_horizon_or_a_table_by_its_schema() -> None:
    journeys = Path(senet.__file__).parent / "journeys"
    for path in [*journeys.glob("sql/*.sql"), *journeys.glob("*.py"), *journeys.glob("tiles/*.py")]:
        text = path.read_text(encoding="utf-8")
        assert "pg_snapshot_xmin" not in text, f"{path.name}: call senet_horizon(), which a rehearsal has its own of"
        assert "public." not in text, f"{path.name}: in a rehearsal this would be the live table"
