"""The main road, through real processes only: a CSV goes in at the API, a number comes out of it.

HTTP API → SMTP on loopback → HTTP door → the insights page's numbers → `senet audit`.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.processes import ApiClient, Installation, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

PEOPLE = 60
CSV = "Email,First name,Last name,Country,Plan\n" + "".join(
    f"person{n}@{'example.org' if n % 2 else 'example.net'},Pat{n},Doe,{'DE' if n % 3 else 'FR'},"
    f"{'pro' if n % 2 else 'free'}\n"
    for n in range(PEOPLE)
)
BODY = """<html><body><p>Hello {{ contact.first_name }}!</p>
<p><a href="https://shop.example/offer?x=1&amp;y=2">The offer</a>
 or <a href="https://shop.example/news">the news</a></p>
<p>{{ content_settings.address_main }} <a href="{{ content_settings.subscription_center }}">Preferences</a></p>
</body></html>"""


@pytest.fixture
def house(tmp_path: Path, fresh_database: Callable[[], str]) -> Iterator[Installation]:
    tmp_path.chmod(0o755)
    installation = Installation(tmp_path, fresh_database(), {"SENET_AUDIENCE_DELAY_SECONDS": "0"})
    yield installation
    installation.stop()


def start_house(house: Installation) -> ApiClient:
    """Start every process by hand and return a client with an administrator's key."""
    house.run("migrate")
    key = house.run("create-user", "admin@example.org", "--role", "administrator", "--api-key", "--generate-password")
    found = re.search(r"snt_\S+|API key:\s*(\S+)", key.stdout)
    assert found, key.stdout
    for name in ("app", "door", "sender", "mailbox"):
        house.start(name)
    wait_for(lambda: httpx.get(f"{house.app_url}/healthz", trust_env=False), seconds=40, what="the app answers")
    wait_for(lambda: httpx.get(f"{house.door_url}/healthz", trust_env=False), seconds=40, what="the door answers")
    return ApiClient(house.app_url, found.group(1) or found.group(0))


def import_contacts(api: ApiClient) -> None:
    """Send the CSV and wait until the import says it is done."""
    api.post("/custom-columns", {"entity": "contact", "key": "plan", "label": "Plan", "kind": "text"})
    mapping = {
        "Email": "email",
        "First name": "first_name",
        "Last name": "last_name",
        "Country": "country",
        "Plan": "custom.plan",
    }
    broken = CSV + "not an address,X,Y,DE,pro\n"
    run = api.upload("/imports", "people.csv", broken.encode(), mapping=json.dumps(mapping), key="email")

    def finished() -> Any:
        state = api.get(f"/imports/{run['id']}")
        return state if state["status"] in {"done", "failed"} else None

    done = wait_for(finished, seconds=30, what="the import ends")
    assert (done["status"], done["created"], done["rejected"]) == ("done", PEOPLE, 1), done


def make_journey(api: ApiClient) -> tuple[int, int]:
    """Make a segment, an email and a journey of three tiles, and take them live."""
    segment = api.post(
        "/segments",
        {
            "name": "On the pro plan",
            "kind": "dynamic",
            "definition": {
                "kind": "group",
                "join": "and",
                "items": [{"kind": "clause", "field": "contact.custom.plan", "operator": "is", "values": ["pro"]}],
            },
        },
    )
    api.post(f"/segments/{segment['id']}/go-live")
    settings = api.post("/content-settings", {"name": "Shop", "address_main": "1 Main Street", "is_default": True})
    api.post(f"/content-settings/{settings['id']}/go-live")
    email = api.post(
        "/emails",
        {
            "name": "Offer",
            "subject": "An offer for {{ contact.first_name }}",
            "from_name": "Shop",
            "from_address": "shop@example.com",
            "source_kind": "html",
            "source": BODY,
        },
    )
    api.post(f"/emails/{email['id']}/go-live")
    tiles = [
        {
            "id": 1,
            "kind": "audience",
            "name": "Pro plan",
            "merge": "union",
            "sources": [{"kind": "segment", "id": segment["id"], "containment": "include"}],
            "next": 2,
        },
        {"id": 2, "kind": "email", "name": "Offer", "email_id": email["id"], "next": 3},
        {
            "id": 3,
            "kind": "if_then",
            "name": "Clicked?",
            "rules": [{"source": 2, "condition": "clicked", "link": None}],
            "logic": "or",
            "timeout": {"amount": 1, "unit": "days"},
            "yes": 4,
            "no": None,
        },
        {"id": 4, "kind": "task", "name": "Call", "subject": "Call them", "assign_to": "journey_owner", "next": None},
    ]
    journey = api.post(
        "/journeys",
        {
            "name": "Offer",
            "time_zone": "Europe/Berlin",
            "start_at": "2026-01-01T00:00:00Z",
            "end_at": "2099-01-01T00:00:00Z",
            "content_settings_id": settings["id"],
            "definition": {"tiles": tiles},
        },
    )
    assert api.post(f"/journeys/{journey['id']}/check")["verdict"] != "error"
    api.post(f"/journeys/{journey['id']}/go-live")
    return journey["id"], email["id"]


def received(house: Installation) -> dict[str, EmailMessage]:
    """Return what has come in at the mailbox, by recipient; a recipient who got two mails fails the test."""
    base = f"http://127.0.0.1:{house.mailbox_port}"
    found: dict[str, EmailMessage] = {}
    for row in httpx.get(f"{base}/api/messages", params={"limit": 500}, trust_env=False).json()["items"]:
        (recipient,) = row["recipients"]
        raw = httpx.get(f"{base}/api/messages/{row['id']}/raw", trust_env=False).text
        assert recipient not in found, f"two mails to {recipient}"
        mail = message_from_string(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        found[recipient] = mail
    return found


def html_of(mail: EmailMessage) -> str:
    """Return a mail's HTML part."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_a_csv_becomes_an_exact_number(house: Installation) -> None:
    api = start_house(house)
    import_contacts(api)
    journey_id, email_id = make_journey(api)

    expected = {f"person{n}@example.org" for n in range(PEOPLE) if n % 2}
    wait_for(lambda: set(received(house)) == expected, seconds=60, what="every member of the segment got a mail")
    mails = received(house)

    openers, clickers = sorted(expected)[:12], sorted(expected)[:5]
    for address in openers:
        beacon = re.search(rf'src="?({re.escape(house.door_url)}/o/[^"\s>]+)', html_of(mails[address]))
        assert beacon is not None, html_of(mails[address])
        assert httpx.get(beacon.group(1), headers={"User-Agent": PERSON}, trust_env=False).status_code == 200
    for address in clickers:
        links = re.findall(rf'href="?({re.escape(house.door_url)}/r/[^"\s>]+)', html_of(mails[address]))
        answer = httpx.get(links[0], headers={"User-Agent": PERSON}, trust_env=False)
        assert answer.status_code == 302
        assert answer.headers["location"] == "https://shop.example/offer?x=1&y=2"

    def numbers() -> dict[str, float]:
        overview = api.get(f"/insights/emails/{email_id}/overview", journey_id=journey_id)
        return {kpi["key"]: kpi["value"] for kpi in overview["kpis"]}

    reached = (len(openers), len(clickers))
    pause = time.monotonic() + 15
    while (kpis := numbers()) and (kpis["unique_opens"], kpis["unique_clicks"]) != reached:
        assert time.monotonic() < pause, f"the numbers should follow the clicks to {reached}: {kpis}"
        time.sleep(0.1)
    assert (kpis["sent"], kpis["delivered"]) == (len(expected), len(expected))
    assert kpis["click_through_rate"] == pytest.approx(len(clickers) / len(expected), abs=1e-4)

    def called() -> Any:
        tiles = {tile["tile"]: tile for tile in api.get(f"/insights/journeys/{journey_id}/tiles")["tiles"]}
        return tiles if tiles[4]["processed"] == len(clickers) else None

    tiles = wait_for(called, seconds=15, what="who clicked went on to the task")
    assert (tiles[1]["processed"], tiles[2]["processed"]) == (len(expected), len(expected))
    assert (tiles[3]["processing"], tiles[3]["processed"]) == (len(expected) - len(clickers), len(clickers))
    audit = house.run("audit")
    assert "clean" in audit.stdout.lower(), audit.stdout
    api.close()


PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
