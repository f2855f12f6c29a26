"""Bad input at the real edges: each piece of it gets a clear error, and nothing that was there is lost.

One installation for the module: a real app and a real door on a database of their own. No sender runs, so the messages
of the one live journey stay queued, and their links can be tried at the door.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest
from django.conf import settings

from senet.shared.tokens import LinkToken, sign_link
from tests.support.databases import copy_database, drop_database, with_database
from tests.support.processes import Installation, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

APP_PAGE = "/api/v1/auth/csrf"
TEN_MEGABYTES = 10_000_000
CSV = "Email,First name\n" + "".join(f"guest{n}@example.org,Guest{n}\n" for n in range(20))
BODY = """<p>Hello {{ contact.first_name }}, <a href="https://shop.example/offer">the offer</a></p>
<p>{{ content_settings.address_main }} <a href="{{ content_settings.subscription_center }}">Preferences</a></p>"""
EMAIL = {"name": "Offer", "subject": "Hello", "from_name": "Shop", "from_address": "shop@example.com", "source": BODY}


@dataclass
class House:
    """A running installation and a client with an administrator's key."""

    installation: Installation
    http: httpx.Client
    message_id: int = 0
    version_id: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    def call(self, method: str, path: str, body: object = None, **more: Any) -> httpx.Response:
        return self.http.request(method, f"/api/v1{path}", json=body, **more)

    def get(self, path: str) -> Any:
        return self._read(self.call("GET", path))

    def post(self, path: str, body: object = None) -> Any:
        return self._read(self.call("POST", path, body))

    def upload(self, content: bytes, name: str = "people.csv") -> httpx.Response:
        return self.http.post("/api/v1/imports", files={"file": (name, content, "text/csv")}, data={"key": "email"})

    def wait_for_import(self, number: int) -> Any:
        def ended() -> Any:
            run = self.get(f"/imports/{number}")
            return run if run["status"] in {"done", "failed"} else None

        return wait_for(ended, seconds=30, what="the import ends")

    def count(self, statement: str) -> int:
        with psycopg.connect(self.installation.database_url) as there:
            row = there.execute(statement.encode()).fetchone()
            assert row is not None
            return int(row[0])

    def refused(self, response: httpx.Response, *statuses: int) -> Any:
        """Return the error of a refused request; it is one of ours and says something."""
        assert response.status_code in statuses, response.text
        error = response.json()["error"]
        assert len(error["message"]) > 15
        assert "Traceback" not in response.text
        return error

    @staticmethod
    def _read(response: httpx.Response) -> Any:
        assert response.is_success, f"{response.request.url}: {response.status_code} {response.text}"
        return response.json() if response.text else None


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, template_database: str, worker_id: str) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("bad_input")
    database = f"senet_bad_{os.environ['SENET_TEST_OWNER']}_{worker_id}"
    copy_database(template_database, database)
    mine = {"SENET_SECRET_KEY": settings.SECRET_KEY, "SENET_UPLOAD_MEGABYTES": "9"}
    installation = Installation(folder, with_database(database), mine)
    try:
        made = installation.run("create-user", "a@example.org", "--role", "administrator", "--api-key", *_PASSWORD)
        key = next(word for word in made.stdout.split() if word.startswith("senet_"))
        for name in ("app", "door"):
            installation.start(name)
        with httpx.Client(
            base_url=installation.app_url, headers={"Authorization": f"Bearer {key}"}, timeout=30, trust_env=False
        ) as http:
            for url in (installation.app_url, installation.door_url):
                wait_for(
                    lambda url=url: httpx.get(f"{url}/healthz", trust_env=False).status_code,  # type: ignore[misc]
                    seconds=60,
                    what=f"{url} answers",
                )
            house = House(installation, http)
            make_queued_messages(house)
            yield house
    finally:
        installation.stop()
        drop_database(database)


_PASSWORD = ("--generate-password",)


def make_queued_messages(house: House) -> None:
    """Import people and take a journey of one email live; without a sender its messages stay queued."""
    house.wait_for_import(house.upload(CSV.encode()).json()["id"])
    content = house.post("/content-settings", {"name": "Shop", "address_main": "1 Main Street", "is_default": True})
    house.post(f"/content-settings/{content['id']}/go-live")
    rule = {"kind": "clause", "field": "contact.first_name", "operator": "begins_with", "values": ["Guest"]}
    segment = house.post(
        "/segments", {"name": "Guests", "definition": {"kind": "group", "join": "and", "items": [rule]}}
    )
    house.post(f"/segments/{segment['id']}/go-live")
    email = house.post("/emails", EMAIL)
    live = house.post(f"/emails/{email['id']}/go-live")
    house.ids = {"segment": segment["id"], "email": email["id"], "content": content["id"]}
    journey = house.post("/journeys", draw(house, next_tile=None))
    house.post(f"/journeys/{journey['id']}/go-live")
    found = wait_for(
        lambda: house.get(f"/messages?journey_id={journey['id']}")["items"], seconds=30, what="messages are queued"
    )
    house.message_id, house.version_id = found[0]["id"], live["live_version_id"]


def draw(house: House, *, next_tile: int | None) -> dict[str, Any]:
    """A journey of an audience and an email, whose lane ends or leads on."""
    sources = [{"kind": "segment", "id": house.ids["segment"], "containment": "include"}]
    tiles = [
        {"id": 1, "kind": "audience", "name": "Guests", "merge": "union", "sources": sources, "next": 2},
        {"id": 2, "kind": "email", "name": "Offer", "email_id": house.ids["email"], "next": next_tile},
    ]
    return {
        "name": "Offer",
        "time_zone": "UTC",
        "start_at": "2026-01-01T00:00:00Z",
        "content_settings_id": house.ids["content"],
        "definition": {"tiles": tiles},
    }


@contextmanager
def undisturbed(url: str) -> Iterator[None]:
    """Let another visitor ask again and again meanwhile; each answer is right, and none is late."""
    stop = threading.Event()
    slow: list[float] = []
    wrong: list[object] = []

    def visit() -> None:
        with httpx.Client(timeout=20, trust_env=False, follow_redirects=False) as client:
            while not stop.is_set():
                started = time.monotonic()
                try:
                    answer = client.get(url)
                except httpx.HTTPError as error:
                    wrong.append(error)
                    return
                if answer.status_code != 200:
                    wrong.append(answer.status_code)
                slow.append(time.monotonic() - started)
                stop.wait(0.02)

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        time.sleep(0.2)
        yield
        time.sleep(0.2)
    finally:
        stop.set()
        visitor.join(30)
    assert wrong == []
    assert len(slow) >= 2, "the other visitor must have been asking meanwhile"
    assert max(slow) < 5


def send_raw(port: int, *pieces: bytes) -> bytes:
    """Send bytes as they are and return the beginning of the answer; b"" when the connection was cut first."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        try:
            for piece in pieces:
                raw.sendall(piece)
        except OSError:
            pass  # refused in the middle, as it should be
        try:
            return raw.recv(2_000)
        except OSError:
            return b""


# -- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'Email,First name\nx@example.org,"never closed\ny@example.org,Y\n', "never closed"),
        (b'Email,First name\nx@example.org,"a"b\n', "closing quote"),
        (b"Email,First name\nx@example.org,\0\0\n", "NUL"),
        (b"PK\x03\x04 a spreadsheet", "spreadsheet"),
        (b"Email,First name\n", "no row"),
        (b"", "empty"),
        (b"Email,Email\nx@example.org,y@example.org\n", "same heading"),
        (b"First name\nAnna\n", "email"),
        (b"Email,First name\nx@example.org," + b"a" * 1_100_000 + b"\n", "longer than"),
    ],
)
def test_a_malformed_csv_is_refused_with_a_sentence_and_changes_nobody(
    house: House, content: bytes, words: str
) -> None:
    before = house.count("SELECT count(*) FROM contact")

    response = house.upload(content)
    if response.status_code == 201:  # only reading it all shows what is wrong
        run = house.wait_for_import(response.json()["id"])
        assert (run["status"], run["created"], run["updated"]) == ("failed", 0, 0)
        message = run["error"]
    else:
        message = house.refused(response, 400, 409, 422)["message"]

    assert words.casefold() in message.casefold()
    assert house.count("SELECT count(*) FROM contact") == before


def test_bad_rows_are_reported_and_good_ones_are_kept(house: House) -> None:
    rows = b"Email,First name\nnot an address,A\nkept@example.org,=cmd|'/c calc'!A1\nalso not,=HYPERLINK(1)\n"
    run = house.wait_for_import(house.upload(rows).json()["id"])
    assert (run["status"], run["created"], run["rejected"]) == ("done", 1, 2)

    report = house.call("GET", f"/imports/{run['id']}/rejected.csv").text
    assert "not an address" in report
    assert "'=HYPERLINK(1)" in report


def test_an_upload_beyond_the_limit_is_refused_and_leaves_no_file(house: House) -> None:
    folder = house.installation.folder / "data" / "imports"
    before = {path.name for path in folder.iterdir()}
    head = b"POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"

    with undisturbed(house.installation.app_url + APP_PAGE):
        assert b"413" in send_raw(house.installation.port, head)[:20]
        chunks = [b"%x\r\n%b\r\n" % (1 << 20, b"a" * (1 << 20))] * 12
        chunked = head.replace(b"Content-Length: 99999999999", b"Transfer-Encoding: chunked")
        assert send_raw(house.installation.port, chunked, *chunks)[:12] in {b"", b"HTTP/1.1 413"}

    assert {path.name for path in folder.iterdir()} == before


# -- templates -----------------------------------------------------------------------------------------------------

LOOP = "{% for a in (1..10000) %}{% for b in (1..10000) %}x{% endfor %}{% endfor %}"
DEEP_MJML = f"<mjml><mj-body>{'<mj-section>' * 15_000}{'</mj-section>' * 15_000}</mj-body></mjml>"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"source": BODY + LOOP}, "too_costly"),
        ({"source": BODY + "{% for i in (1..99999999999) reversed %}{% endfor %}"}, "too_costly"),
        ({"source": BODY + "{% if (1..99999999999) contains 'x' %}{% endif %}"}, "too_costly"),
        ({"subject": "{{ contact.shoe_size }}"}, "unknown_field"),
        ({"source": BODY + "{{ contact.first_name.__class__.__mro__ }}"}, "unknown_field"),
        ({"source": BODY + "{% include '/etc/passwd' %}"}, "template_syntax"),
        ({"source": BODY + "{% for i in contact.first_name %}"}, "template_syntax"),
        ({"source": DEEP_MJML, "source_kind": "mjml"}, "mjml_invalid"),
        ({"source": BODY + "<div>" * 50_000}, "nested_too_deeply"),
    ],
)
def test_a_bad_template_is_explained_and_does_not_go_live(house: House, change: dict[str, Any], code: str) -> None:
    email = house.post("/emails", {**EMAIL, **change})
    path = f"/emails/{email['id']}"

    with undisturbed(house.installation.app_url + APP_PAGE):
        checked = house.post(f"{path}/check")
        error = house.refused(house.call("POST", f"{path}/go-live"), 409, 422)
        preview = house.call("POST", f"{path}/preview", {})

    assert not checked["ready"]
    assert code in {problem["code"] for problem in checked["problems"]}
    assert code in {problem["code"] for problem in error["problems"]}
    assert preview.status_code == 200
    kept = house.get(path)
    assert kept["status"] == "draft"
    assert {name: kept[name] for name in change} == change


# -- tokens --------------------------------------------------------------------------------------------------------


def test_a_tampered_token_leads_nowhere_and_is_not_counted(house: House) -> None:
    token = sign_link(LinkToken(house.message_id, house.version_id, 1), purpose="redirect")
    others = LinkToken(house.message_id + 1, house.version_id, 1)
    tampered = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        ("B" if token[0] == "A" else "A") + token[1:],
        token[:19] + sign_link(others, purpose="redirect")[19:],
        token + "A",
        token[:-2],
        token.swapcase(),
        sign_link(LinkToken(house.message_id, house.version_id, 1), purpose="report"),
        "%00" * 10,
        "../../healthz",
        "é" * 49,
    ]
    with httpx.Client(base_url=house.installation.door_url, trust_env=False) as door:
        for wrong in tampered:
            for place in "rucx":
                assert door.get(f"/{place}/{wrong}").status_code == (200 if "healthz" in wrong else 404)
                assert door.post(f"/{place}/{wrong}", data={"List-Unsubscribe": "One-Click"}).status_code in {404, 405}
            assert door.get(f"/o/{wrong}").headers.get("location") is None
        page = door.get(f"/r/{tampered[0]}").text
        assert "This link does not work" in page
        events = "SELECT count(*) FROM interaction WHERE type IN ('EmailClicked', 'EmailOpened', 'SegmentUnsubscribed')"
        assert house.count(events) == 0
        assert house.count("SELECT count(*) FROM contact WHERE do_not_bulk_email") == 0

        true = door.get(f"/r/{token}")
        assert (true.status_code, true.headers["location"]) == (302, "https://shop.example/offer")
        assert house.count(events) == 1


# -- journeys ------------------------------------------------------------------------------------------------------


def test_a_journey_with_a_dangling_branch_is_explained_and_moves_nobody(house: House) -> None:
    messages = house.count("SELECT count(*) FROM message")
    journey = house.post("/journeys", draw(house, next_tile=99))
    path = f"/journeys/{journey['id']}"

    checked = house.post(f"{path}/check")
    error = house.refused(house.call("POST", f"{path}/go-live"), 409, 422)

    (problem,) = [each for each in checked["problems"] if each["code"] == "dangling_branch"]
    assert (problem["where"], "tile 99" in problem["message"]) == ("tiles.2", True)
    assert "dangling_branch" in {each["code"] for each in error["problems"]}
    kept = house.get(path)
    assert kept["status"] == "draft"
    assert kept["definition"]["tiles"][1]["next"] == 99
    assert house.count("SELECT count(*) FROM message") == messages


@pytest.mark.parametrize("tiles", ["x", [{"id": 1}], [{"id": 1, "kind": "nothing"}], [[]] * 9, [{"id": "a" * 9000}]])
def test_a_journey_that_is_none_is_refused(house: House, tiles: object) -> None:
    house.refused(house.call("POST", "/journeys", {"name": "X", "definition": {"tiles": tiles}}), 422)


# -- heads ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edge", ["app", "door"])
@pytest.mark.parametrize("head", ["one header", "many headers", "a path", "no end"])
def test_a_ten_megabyte_head_is_refused_and_disturbs_nobody(house: House, edge: str, head: str) -> None:
    installation = house.installation
    port = installation.port if edge == "app" else installation.door_port
    url = installation.app_url + APP_PAGE if edge == "app" else f"{installation.door_url}/healthz"
    process = psutil.Process(installation.processes[edge].pid)
    before = process.memory_info().rss
    block = b"a" * 100_000
    pieces: dict[str, list[bytes]] = {
        "one header": [b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Big: ", *[block] * 100, b"\r\n\r\n"],
        "many headers": [b"GET /healthz HTTP/1.1\r\nHost: x\r\n", *[b"X-A: " + b"b" * 995 + b"\r\n"] * 10_000, b"\r\n"],
        "a path": [b"GET /", *[block] * 100, b" HTTP/1.1\r\nHost: x\r\n\r\n"],
        "no end": [*[block] * 100],
    }
    assert sum(map(len, pieces[head])) >= TEN_MEGABYTES

    with undisturbed(url):
        for _ in range(3):
            answer = send_raw(port, *pieces[head])
            assert answer == b"" or answer[9:12] in {b"400", b"414", b"431"}, answer[:80]

    assert process.is_running()
    assert process.memory_info().rss - before < 60_000_000
    assert installation.processes[edge].poll() is None


def test_a_large_head_within_the_servers_buffer_gets_the_doors_own_page(house: House) -> None:
    token = sign_link(LinkToken(house.message_id, house.version_id, 1), purpose="redirect")
    with httpx.Client(base_url=house.installation.door_url, trust_env=False) as door:
        answer = door.get(f"/r/{token}", headers={"X-Large": "a" * 40_000})
    assert (answer.status_code, "too large" in answer.text) == (431, True)


def test_everything_that_was_there_still_is(house: House) -> None:
    assert house.count("SELECT count(*) FROM contact WHERE email LIKE 'guest%@example.org'") == 20
    assert house.count("SELECT count(*) FROM message WHERE state = 'queued'") == 20
    assert json.loads(httpx.get(f"{house.installation.app_url}/healthz", trust_env=False).text)["components"]
    for name in ("app", "door"):
        assert "Traceback" not in house.installation.log_of(name)
    assert not list(Path(house.installation.folder / "data" / "spool").glob("refused*"))
