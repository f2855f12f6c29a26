"""A real door process: beacons and links, hostile input, nothing recorded that did not happen."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from senet.shared.tokens import LinkToken, sign_link
from tests.support.databases import with_database
from tests.support.door import BROWSER, SentMessage, make_email_version, make_journey, make_message, running_door
from tests.support.processes import Installation, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def make_installation(folder: Path, url: str) -> Installation:
    """An installation with this process's secret, so that its tokens are ours, and without ClickHouse."""
    nowhere = "clickhouse://127.0.0.1:9/senet"
    return Installation(folder, url, {"SENET_SECRET_KEY": settings.SECRET_KEY, "CLICKHOUSE_URL": nowhere})


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Installation:
    """An installation on this test process's own database."""
    return make_installation(tmp_path_factory.mktemp("door"), with_database(connection.settings_dict["NAME"]))


@pytest.fixture(scope="module")
def shared_door(installation: Installation) -> Iterator[httpx.Client]:
    with running_door(installation) as client:
        yield client


@pytest.fixture
def door(shared_door: httpx.Client, transactional_db: None) -> httpx.Client:
    """A door that many tests call, and an empty log."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interaction, message, message_link")
    return shared_door


def logged(*columns: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns or ('type',))} FROM interaction ORDER BY id")
        return list(cursor.fetchall())


def wait_for_log(count: int) -> list[tuple[object, ...]]:
    return wait_for(
        lambda: rows if len(rows := logged("type", "verdict")) >= count else [], seconds=5, what="the log holds it"
    )


def test_a_click_is_in_the_log_when_its_redirect_is_answered(door: httpx.Client) -> None:
    message = make_message(email="who@example.org")
    answer = door.get(f"/r/{message.token('redirect', 1)}", headers={"Referer": "https://mail.example.org/x"})
    assert (answer.status_code, answer.headers["location"]) == (302, "https://example.com/a?x=1&y=2")
    assert answer.headers["cache-control"] == "no-store, private"
    assert logged(
        "type", "contact_id", "journey_id", "iteration", "tile", "message_id", "email_id", "link", "domain", "address",
        "browser", "os", "device", "verdict", "detail->>'referrer'", "(detail->>'version')::int",
    ) == [
        (
            "EmailClicked", message.contact_id, message.journey_id, 1, 2, message.id, message.email_id, 1,
            "example.org", "who@example.org", "Firefox", "Windows", "desktop", "human", "https://mail.example.org/x",
            message.version_id,
        )
    ]  # fmt: skip


def test_an_open_is_answered_with_an_image_and_logged_within_moments(door: httpx.Client) -> None:
    message = make_message()
    for suffix in ("", ".gif"):
        answer = door.get(f"/o/{message.token('open')}{suffix}")
        assert answer.headers["content-type"] == "image/gif"
        assert answer.content.startswith(b"GIF89a")
    started = time.monotonic()
    wait_for_log(2)
    assert time.monotonic() - started < 0.5


def test_a_request_for_the_head_alone_is_a_robots_and_other_methods_record_nothing(door: httpx.Client) -> None:
    message = make_message()
    link, beacon = f"/r/{message.token('redirect', 1)}", f"/o/{message.token('open')}"
    assert door.head(link).headers["location"] == "https://example.com/a?x=1&y=2"
    assert door.head(beacon).status_code == 200
    for path in (link, beacon):
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            assert door.request(method, path).status_code == 405
    door.get(f"/r/{message.token('redirect', 2)}", headers={"User-Agent": BROWSER})
    wait_for_log(3)
    assert sorted(logged("type", "verdict", "rule")) == [
        ("EmailClicked", "bot", "head_request"),
        ("EmailClicked", "human", "browser"),
        ("EmailOpened", "bot", "head_request"),
    ]


def test_who_follows_the_hidden_link_is_noted_and_told_nothing(door: httpx.Client) -> None:
    message = make_message()
    path = f"/h/{message.token('open')}"
    assert door.get(path, headers={"User-Agent": BROWSER}).status_code == 200
    assert door.head(path).status_code == 200
    for method in ("POST", "PUT", "DELETE"):
        assert door.request(method, path).status_code == 405
    assert door.get(f"/h/{message.token('redirect', 1)}").status_code == 404
    wait_for_log(2)
    assert (
        logged("type", "message_id", "verdict", "rule")
        == [("HiddenLinkFollowed", message.id, "bot", "hidden_link")] * 2
    )


def test_a_mark_of_the_network_address_is_kept_and_never_the_address(door: httpx.Client) -> None:
    message = make_message()
    path = f"/r/{message.token('redirect', 1)}"
    for forwarded in ("203.0.113.9, 1.1.1.1", "1.1.1.1", "1.0.0.1", "10.0.0.7", "nonsense", "2606:4700::1:1"):
        door.get(path, headers={"X-Forwarded-For": forwarded})
    marks = [str(mark) for (mark,) in logged("detail->>'source'")]
    assert marks[0] == marks[1]
    assert len({*marks[:3], marks[5]}) == 3
    assert marks[3] == marks[4] == "None"
    assert all(len(mark) == 16 for mark in (marks[0], marks[2], marks[5]))
    assert "1.1.1.1" not in str(logged("interaction::text"))


def test_a_tampered_token_leads_nowhere_and_records_nothing(door: httpx.Client) -> None:
    message = make_message()
    good = message.token("redirect", 1)
    flipped = ("A" if good[0] != "A" else "B") + good[1:]
    tampered = [
        flipped, good[:-1], good + "A", good[:-1] + ("A" if good[-1] != "A" else "Q"), "", "..", "%00", "a" * 1000,
        message.token("open"), message.token("centre"), good.replace(good[10], "é"), "https://evil.example",
    ]  # fmt: skip
    for text in tampered:
        answer = door.get(f"/r/{text}")
        assert answer.status_code in {400, 404}, text
        assert "location" not in answer.headers
    assert "This link does not work" in door.get(f"/r/{flipped}").text
    assert door.get(f"/o/{flipped}").content.startswith(b"GIF89a")
    time.sleep(0.3)
    assert logged() == []


def test_only_stored_links_are_redirected_to(door: httpx.Client) -> None:
    message = make_message()
    for query in ("?url=https://evil.example", "?r=//evil.example", "#https://evil.example", "%0d%0aLocation:%20x"):
        answer = door.get(f"/r/{message.token('redirect', 1)}{query}")
        assert answer.headers.get("location") in {None, "https://example.com/a?x=1&y=2"}
    assert door.get(f"/r/{message.token('redirect', 3)}").status_code == 404
    assert door.get(f"/r/{message.token('redirect', 0)}").status_code == 404
    unknown = sign_link(LinkToken(message.id, 10_000_000, 1), purpose="redirect")
    assert door.get(f"/r/{unknown}").status_code == 404


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "https://a.example/\r\nSet-Cookie: a=b", "x"])
def test_a_stored_link_that_is_not_an_address_is_not_followed(door: httpx.Client, url: str) -> None:
    message = make_message(make_email_version(url))
    answer = door.get(f"/r/{message.token('redirect', 1)}")
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_a_personal_link_leads_to_its_own_message_s_target(door: httpx.Client) -> None:
    version = make_email_version("https://example.com/{{ contact.id }}", dynamic=(1,))
    one, other = make_message(version), make_message(version)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO message_link VALUES (%s, 1, 'https://example.com/one'), (%s, 257, 'https://example.com/two')",
            [one.id, one.id],
        )
    assert door.get(f"/r/{one.token('redirect', 1)}").headers["location"] == "https://example.com/one"
    assert door.get(f"/r/{one.token('redirect', 257)}").headers["location"] == "https://example.com/two"
    assert door.get(f"/r/{other.token('redirect', 1)}").status_code == 404
    assert [link for (link,) in logged("link")] == [1, 257]


def test_hostile_headers_are_kept_as_text_and_cut(door: httpx.Client) -> None:
    message = make_message()
    script = "<script>alert(document.cookie)</script>"
    for agent in (script.encode(), b"\xff\xfe\xc3\x28" + b"x" * 3000, b"a\tb", "☃ 'quoted\" \\ %s {0}".encode()):
        answer = door.get(f"/r/{message.token('redirect', 1)}", headers={b"User-Agent": agent, b"Referer": agent})  # type: ignore[arg-type,unused-ignore]
        assert answer.status_code == 302
    rows = logged("detail->>'user_agent'", "length(detail->>'user_agent')", "detail->>'referrer'")
    assert rows[0][0] == script
    assert rows[1][1] == 512
    assert len(rows) == 4


def test_robots_and_proxies_are_recorded_with_a_verdict_and_its_rule(door: httpx.Client) -> None:
    message = make_message()
    agents = {
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)": "proxy",
        "Mozilla/5.0": "proxy",
        "curl/8.5.0": "bot",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)": "bot",
        "Mozilla/5.0 (compatible; Mimecast URL protect)": "bot",
        BROWSER: "human",
    }
    for agent in agents:
        door.get(f"/r/{message.token('redirect', 1)}", headers={"User-Agent": agent})
    door.get(f"/r/{message.token('redirect', 1)}", headers={"User-Agent": ""})
    assert [verdict for (verdict,) in logged("verdict")] == [*agents.values(), "unknown"]
    assert all(rule for (rule,) in logged("rule"))


def test_nobody_is_logged_who_does_not_allow_it(door: httpx.Client) -> None:
    message = make_message(tracking_allowed=False)
    assert door.get(f"/r/{message.token('redirect', 1)}").status_code == 302
    door.get(f"/o/{message.token('open')}")
    time.sleep(0.4)
    assert logged() == []


def test_a_ten_megabyte_header_is_refused_and_the_door_goes_on(door: httpx.Client, installation: Installation) -> None:
    message = make_message()
    with socket.create_connection(("127.0.0.1", installation.door_port), timeout=10) as raw:
        raw.sendall(f"GET /r/{message.token('redirect', 1)} HTTP/1.1\r\nHost: x\r\nX-Big: ".encode())
        answer = b""
        try:
            for _ in range(160):
                raw.sendall(b"a" * 65_536)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            answer = raw.recv(1000)
        except ConnectionResetError:
            answer = b"HTTP/1.1 431"
    assert answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400", b""))
    assert b" 5" not in answer[:12]
    assert door.get(f"/r/{message.token('redirect', 1)}", headers={"X-Large": "a" * 40_000}).status_code == 431
    assert door.get(f"/r/{message.token('redirect', 1)}").status_code == 302
    assert len(logged()) == 1


def test_many_wrong_tokens_have_to_wait_but_true_links_never(tmp_path: Path) -> None:
    message = make_message()
    with running_door(make_installation(tmp_path, with_database(connection.settings_dict["NAME"]))) as client:
        statuses = [client.get("/r/nonsense").status_code for _ in range(320)]
        assert (statuses[0], statuses[-1]) == (404, 429)
        assert client.get(f"/r/{message.token('redirect', 1)}").status_code == 302


def test_the_door_tells_its_health_and_answers_unknown_addresses(door: httpx.Client) -> None:
    assert door.get("/healthz").json()["status"] == "ok"
    for path in ("/", "/favicon.ico", "/u/", "/c", "/../etc/passwd", "/r", "/admin"):
        assert door.get(path).status_code == 404


def test_clicks_survive_a_kill_right_after_their_answer(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interaction, message")
    message = make_message()
    installation = make_installation(tmp_path, with_database(connection.settings_dict["NAME"]))
    with running_door(installation) as client:
        for _ in range(25):
            assert client.get(f"/r/{message.token('redirect', 1)}").status_code == 302
        installation.kill("door")
    assert len(logged()) == 25


def test_links_work_without_postgres_and_their_clicks_come_home_once(
    tmp_path: Path, fresh_database: Callable[[], str]
) -> None:
    """The door's database is taken away from it, then given back."""
    message = _make_elsewhere(url := fresh_database())
    name = url.partition("?")[0].rpartition("/")[2]
    installation = make_installation(tmp_path, url)
    link = f"/r/{message.token('redirect', 1)}"
    with running_door(installation) as client, connection.cursor() as cursor:
        assert client.get(link).status_code == 302
        cursor.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        for _ in range(5):
            assert client.get(link).headers["location"] == "https://example.com/a?x=1&y=2"
        assert client.get(f"/o/{message.token('open')}").status_code == 200
        assert client.get("/healthz").status_code == 503
        assert client.get(f"/c/{message.token('centre')}").status_code == 503
        installation.kill("door")
        assert list((tmp_path / "data" / "spool").glob("*.jsonl"))
        installation.start("door")
        cursor.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
        wait_for(lambda: _count_elsewhere(url) >= 6, seconds=15, what="the spool is replayed")
        time.sleep(1.5)
        assert _count_elsewhere(url) in {6, 7}  # an open may be lost with the process, a click never
        wait_for(lambda: not list((tmp_path / "data" / "spool").glob("*.jsonl")), seconds=5, what="the spool is empty")


def _make_elsewhere(url: str) -> SentMessage:
    """Make a message in another database by way of our own."""
    message = make_message(make_email_version("https://example.com/a?x=1&y=2"), make_journey())
    with psycopg.connect(url, autocommit=True) as there:
        for table, column, value in (
            ("business_unit", "id", None),
            ("contact", "id", message.contact_id),
            ("email", "id", message.email_id),
            ("email_version", "id", message.version_id),
            ("email_link", "version_id", message.version_id),
            ("message", "id", message.id),
        ):
            _copy_rows(there, table, column, value)
    return message


def _copy_rows(there: psycopg.Connection[tuple[object, ...]], table: str, column: str, value: int | None) -> None:
    where = f"WHERE {column} = {int(value)}" if value is not None else ""
    with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT * FROM {table} {where}) TO STDOUT") as out:
        rows = b"".join(bytes(chunk) for chunk in out)
    there.execute("SET session_replication_role = replica")
    there.execute(f"DELETE FROM {table}")
    with there.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        copy.write(rows)


def _count_elsewhere(url: str) -> int:
    with psycopg.connect(url) as there:
        row = there.execute("SELECT count(*) FROM interaction").fetchone()
    assert row is not None
    return int(row[0])
