"""The spool brings every event home once, whatever state its files are in, and never holds the door up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection as django_connection

from senet.door.recorder import Recorder
from senet.door.spool import Spool
from senet.door.values import Event, Visitor
from senet.door.writing import Connection, connect, write_events
from senet.shared.clock import utc_now
from tests.support.door import make_message

pytestmark = pytest.mark.django_db(transaction=True)

TOO_HIGH = 70_000  # no link bears that number, and no column holds it


@pytest.fixture
def postgres() -> Iterator[Connection]:
    with django_connection.cursor() as cursor:
        cursor.execute("TRUNCATE interaction, message")
    opened = connect()
    yield opened
    opened.close()


def make_event(link: int = 1) -> Event:
    return Event("EmailClicked", utc_now(), make_message().id, link, Visitor(verdict="human"))


def count_logged() -> int:
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM interaction")
        return int(cursor.fetchone()[0])


def test_a_line_that_cannot_be_read_is_kept_aside_and_the_others_come_home(
    tmp_path: Path, postgres: Connection
) -> None:
    spool = Spool(tmp_path)
    spool.append([make_event()], None)
    (file,) = tmp_path.glob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(b"\0\0\0\n" + b'{"xid": null}\n' + whole + b'{"xid": null, "events": [torn')

    spool.replay(postgres, write_events)

    assert count_logged() == 1
    assert not list(tmp_path.glob("*.jsonl"))
    assert (tmp_path / "unreadable.txt").read_bytes() == b'\0\0\0\n{"xid": null}\n'


def test_an_event_that_postgres_refuses_is_kept_aside_and_the_others_come_home(
    tmp_path: Path, postgres: Connection
) -> None:
    spool = Spool(tmp_path)
    spool.append([make_event(), make_event(TOO_HIGH), make_event()], None)

    spool.replay(postgres, write_events)

    assert count_logged() == 2
    assert json.loads((tmp_path / "refused.txt").read_text())["link"] == TOO_HIGH


def test_a_file_that_is_being_written_is_left_to_its_writer(tmp_path: Path, postgres: Connection) -> None:
    writer, other = Spool(tmp_path), Spool(tmp_path)
    writer.append([make_event()], None)

    other.replay(postgres, write_events)
    writer.append([make_event()], None)
    assert count_logged() == 0

    writer.replay(postgres, write_events)
    other.replay(postgres, write_events)
    assert count_logged() == 2


def test_a_batch_whose_transaction_has_not_ended_waits_and_is_not_written_twice(
    tmp_path: Path, postgres: Connection
) -> None:
    spool, recorder, event = Spool(tmp_path), Recorder(Spool(tmp_path)), make_event()
    slow = connect()
    xid: list[str] = []
    slow.execute("BEGIN")
    write_events(slow, [event], xid)
    spool.append([event], xid[0])
    spool.append([make_event()], str(2**60))  # of a database that was restored from an older backup

    recorder.start()
    recorder.stop()
    assert count_logged() == 0

    slow.execute("COMMIT")
    slow.close()
    Spool(tmp_path).replay(postgres, write_events)
    spool.replay(postgres, write_events)
    assert count_logged() == 2


def test_a_spool_that_cannot_be_read_does_not_hold_clicks_up(tmp_path: Path, postgres: Connection) -> None:
    (tmp_path / "broken.jsonl").mkdir()
    recorder = Recorder(Spool(tmp_path))
    recorder.start()

    click = make_event()
    asyncio.run(asyncio.wait_for(_keep(recorder, [click, make_event(TOO_HIGH), click]), 10))
    recorder.stop()
    assert count_logged() == 2
    assert (tmp_path / "refused.txt").exists()


async def _keep(recorder: Recorder, events: list[Event]) -> None:
    for event in events:
        await recorder.keep(event)
        await asyncio.sleep(0.1)
