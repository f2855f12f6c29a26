"""The line writes every event once, whatever happens to it, and gives its place to the standby and back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection as django_connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from senet.door.line import Batch, Line, Unwritten, prepare_line
from senet.door.recorder import Recorder
from senet.door.spool import Spool
from senet.door.values import Event, Visitor
from senet.door.writing import Connection, connect, make_parameters, write_events
from senet.shared.clock import utc_now
from tests.support.door import make_message
from tests.support.processes import wait_for
from tests.support.proxies import proxy_to_postgres

pytestmark = pytest.mark.django_db(transaction=True)

TOO_HIGH = 70_000  # no link bears that number, and no column holds it
LONG = Visitor(user_agent="x" * 512, verdict="human")  # a batch of these is more than a socket takes at once


@pytest.fixture
def postgres() -> Iterator[Connection]:
    """A connection that may be used while a loop runs, and an empty log."""
    with connect() as opened:
        opened.execute("TRUNCATE interaction, message")
        yield opened


@pytest.fixture
def message_id(postgres: Connection) -> int:
    return make_message().id


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(Spool(tmp_path))
    recorder.start()
    yield recorder
    recorder.stop()


def make_click(message_id: int, link: int = 1) -> Event:
    return Event("EmailClicked", utc_now(), message_id, link, LONG)


def make_open(message_id: int, visitor: Visitor = LONG) -> Event:
    return Event("EmailOpened", utc_now(), message_id, None, visitor)


def logged(postgres: Connection, column: str = "link") -> list[object]:
    return [row[0] for row in postgres.execute(f"SELECT {column} FROM interaction ORDER BY id").fetchall()]


async def open_line(recorder: Recorder, message_id: int) -> Line:
    """Keep a click, which makes the standby's connection the line."""
    await recorder.keep(make_click(message_id))
    while recorder._line is None:
        await asyncio.sleep(0.01)
    return recorder._line


def run(act: Callable[[], Awaitable[None]]) -> None:
    async def within_time() -> None:
        await asyncio.wait_for(act(), 30)

    asyncio.run(within_time())


def test_clicks_that_come_together_are_in_the_log_when_their_futures_are_done(
    recorder: Recorder, message_id: int, postgres: Connection
) -> None:
    async def act() -> None:
        await open_line(recorder, message_id)
        await asyncio.gather(*(recorder.keep(make_click(message_id, 2 + n)) for n in range(2_500)))
        assert logged(postgres) == [1 + n for n in range(2_501)]

    run(act)


def test_what_was_noted_last_is_written_before_the_end(tmp_path: Path, message_id: int, postgres: Connection) -> None:
    recorder = Recorder(Spool(tmp_path))
    recorder.start()

    async def act() -> None:
        await open_line(recorder, message_id)
        for _ in range(3_000):  # more than a statement takes
            recorder.note(make_open(message_id))
        recorder.keep(make_click(message_id, 7))
        await asyncio.sleep(0)

    run(act)
    recorder.stop()
    assert logged(postgres, "type") == ["EmailClicked", *["EmailOpened"] * 3_000, "EmailClicked"]


def test_what_was_noted_is_written_before_the_end_though_there_is_no_line(
    tmp_path: Path, message_id: int, postgres: Connection
) -> None:
    recorder = Recorder(Spool(tmp_path))
    recorder.start()

    async def act() -> None:
        for _ in range(3):
            recorder.note(make_open(message_id))

    run(act)
    recorder.stop()
    assert logged(postgres, "type") == ["EmailOpened"] * 3


def test_an_event_that_postgres_refuses_does_not_take_those_with_it_that_came_together(
    recorder: Recorder, message_id: int, postgres: Connection, tmp_path: Path
) -> None:
    async def act() -> None:
        await open_line(recorder, message_id)
        await asyncio.gather(*(recorder.keep(make_click(message_id, link)) for link in (5, TOO_HIGH, 6)))
        await open_line(recorder, message_id)

    run(act)
    assert logged(postgres) == [1, 5, 6, 1]
    assert json.loads((tmp_path / "refused.txt").read_text())["link"] == TOO_HIGH


def test_an_event_that_cannot_be_sent_keeps_nobody_waiting(
    recorder: Recorder, message_id: int, postgres: Connection
) -> None:
    broken = make_click(message_id)._replace(referrer="\ud800")  # half a character: no such text can be encoded

    async def act() -> None:
        await open_line(recorder, message_id)
        with pytest.raises(UnicodeEncodeError):
            await recorder.keep(broken)
        await open_line(recorder, message_id)

    run(act)
    assert logged(postgres) == [1, 1]


def test_a_line_that_breaks_while_it_inserts_loses_nothing_and_writes_nothing_twice(
    recorder: Recorder, message_id: int, postgres: Connection, tmp_path: Path
) -> None:
    async def act() -> None:
        line = await open_line(recorder, message_id)
        with postgres.transaction():
            postgres.execute("LOCK TABLE interaction IN SHARE MODE")
            kept = [recorder.keep(make_click(message_id, 5))]
            await asyncio.sleep(0.1)
            kept.append(recorder.keep(make_click(message_id, 6)))
            postgres.execute("SELECT pg_terminate_backend(%s, 5000)", [line._connection.info.backend_pid])
            await asyncio.sleep(0.1)
            assert not any(done.done() for done in kept)
        await asyncio.gather(*kept)
        assert await open_line(recorder, message_id) is not line

    run(act)
    assert logged(postgres) == [1, 5, 6, 1]
    assert not list(tmp_path.glob("*.jsonl"))


def test_a_line_that_breaks_after_the_commit_gives_the_batch_back_with_its_transaction(
    message_id: int, postgres: Connection, tmp_path: Path
) -> None:
    """Its answer is lost; the spool asks PostgreSQL for the transaction and does not write the batch again."""
    broken: list[Unwritten] = []
    written: list[Batch] = []
    waiting: list[Batch] = [[(make_click(message_id, 6), None)], [(make_click(message_id, 5), None)]]

    async def act() -> None:
        connection = proxy.connect()
        prepare_line(connection)
        line = Line(
            connection, lambda: waiting.pop() if waiting else (), written.append, lambda back, _: broken.append(back)
        )
        proxy.hangs_up = True
        line.go()
        while not broken:
            await asyncio.sleep(0.01)

    with proxy_to_postgres() as proxy:
        run(act)

    spool = Spool(tmp_path)
    ((batch, xid),) = broken
    assert (written, len(waiting), [event.link for event, _ in batch]) == ([], 1, [5])
    wait_for(lambda: logged(postgres) == [5], seconds=5, what="PostgreSQL has committed")
    spool.append([event for event, _ in batch], xid)
    spool.replay(postgres, write_events)
    assert logged(postgres) == [5]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
        | st.sampled_from(["NULL", "{}", "{a,b}", '"', "\\", '\\"', ",", " ", "'"]),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_arrives_as_it_was_sent(texts: list[str]) -> None:
    events = [make_open(1, replace(LONG, user_agent=text)) for text in texts]
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [make_parameters(events)["user_agent"]])
        assert cursor.fetchone()[0] == texts
