"""What the browser tests look at: people, a segment, an email and a live journey that waits for clicks."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import httpx

from tests.support.processes import ApiClient, Installation, wait_for

PEOPLE = 30
CSV = "Email,First name,Last name,Country\n" + "".join(
    f"person{n:02}@example.org,Pat{n:02},{'Abel' if n % 2 else 'Zorn'},{'DE' if n % 3 else 'FR'}\n"
    for n in range(PEOPLE)
)
BODY = """<html><body><p>Hello {{ contact.first_name }}!</p>
<p><a href="https://shop.example/offer">The offer</a> or <a href="https://shop.example/news">the news</a></p>
<p>{{ content_settings.address_main }} <a href="{{ content_settings.subscription_center }}">Preferences</a></p>
</body></html>"""


@dataclass(frozen=True)
class Seed:
    """The ids of what was made, and each person's tracked links by their address."""

    segment_id: int
    email_id: int
    journey_id: int
    contact_id: int
    workflow_id: int
    channel_id: int
    rehearsal_id: int
    links: dict[str, list[str]]


def make_seed(api: ApiClient, house: Installation) -> Seed:
    """Make everything and wait until every mail has arrived."""
    _import_people(api)
    segment = api.post("/segments", {"name": "Everybody in Germany", "kind": "dynamic", "definition": _in_germany()})
    api.post(f"/segments/{segment['id']}/go-live")
    email_id, settings_id = _make_email(api)
    journey = api.post(
        "/journeys",
        {
            "name": "Offer and call",
            "time_zone": "Europe/Berlin",
            "start_at": datetime.now(UTC).isoformat(),
            "content_settings_id": settings_id,
            "definition": {"tiles": _draw(segment["id"], email_id)},
        },
    )
    api.post(f"/journeys/{journey['id']}/go-live")
    expected = {f"person{n:02}@example.org" for n in range(PEOPLE) if n % 3}
    links = wait_for(
        lambda: got if set(got := _find_links(house)) == expected else {},
        seconds=90,
        what="everybody's mail has arrived",
    )
    contact = api.get("/contacts", search="person01@example.org")["items"][0]
    workflow = _make_office(api)
    channel = _make_channel(api, workflow)
    rehearsal = _rehearse(api, journey["id"])
    return Seed(segment["id"], email_id, journey["id"], contact["id"], workflow, channel, rehearsal, links)


def _import_people(api: ApiClient) -> None:
    mapping = {"Email": "email", "First name": "first_name", "Last name": "last_name", "Country": "country"}
    run = api.upload("/imports", "people.csv", CSV.encode(), mapping=json.dumps(mapping), key="email")
    wait_for(lambda: api.get(f"/imports/{run['id']}")["status"] == "done", seconds=60, what="the import is done")


def _make_office(api: ApiClient) -> int:
    """Make what colleagues work with, one of each, and return the workflow's id."""
    api.post(
        "/activity-templates", {"name": "Call soon", "kind": "phone_call", "subject": "Call", "due_in_minutes": 1440}
    )
    api.post("/leads", {"first_name": "Ann", "last_name": "Zorn", "topic": "A kitchen", "email": "ann@example.org"})
    made = api.post("/workflows", {"name": "Tell the shop", "kind": "webhook", "url": "https://shop.example/hook"})
    return int(made["id"])


def _make_channel(api: ApiClient, workflow_id: int) -> int:
    responses = [
        {"key": "delivered", "label": "Delivered"},
        {"key": "answer", "label": "Answered with", "custom": True},
    ]
    letters = {"name": "Letters", "key": "letters", "responses": responses, "workflow_id": workflow_id}
    return int(api.post("/channels", letters)["id"])


def _rehearse(api: ApiClient, journey_id: int) -> int:
    """Rehearse the journey and wait for the report."""
    path = f"/journeys/{journey_id}/rehearsals"
    made = int(api.post(path, {"days": 10, "behaviour": {"click_rate": 0.5}})["id"])
    wait_for(lambda: api.get(f"{path}/{made}")["status"] == "done", seconds=60, what="the journey is rehearsed")
    return made


def _in_germany() -> dict[str, Any]:
    clause = {"kind": "clause", "field": "contact.country", "operator": "is", "values": ["DE"]}
    return {"kind": "group", "join": "and", "negate": False, "items": [clause]}


def _make_email(api: ApiClient) -> tuple[int, int]:
    settings = api.post("/content-settings", {"name": "Shop", "address_main": "1 Main Street", "is_default": True})
    api.post(f"/content-settings/{settings['id']}/go-live")
    email = api.post(
        "/emails",
        {
            "name": "The offer",
            "subject": "An offer for {{ contact.first_name }}",
            "from_name": "Shop",
            "from_address": "shop@example.com",
            "source_kind": "html",
            "source": BODY,
        },
    )
    api.post(f"/emails/{email['id']}/go-live")
    return email["id"], settings["id"]


def _draw(segment_id: int, email_id: int) -> list[dict[str, Any]]:
    source = {"kind": "segment", "id": segment_id, "containment": "include"}
    rule = {"source": 2, "condition": "clicked", "link": None}
    return [
        {"id": 1, "kind": "audience", "name": "Germans", "merge": "union", "sources": [source], "next": 2},
        {"id": 2, "kind": "email", "name": "The offer", "email_id": email_id, "next": 3},
        {
            "id": 3, "kind": "if_then", "name": "Clicked?", "rules": [rule], "logic": "or",
            "timeout": {"amount": 1, "unit": "days"}, "yes": 4, "no": None,
        },
        {"id": 4, "kind": "task", "name": "Call", "subject": "Call them", "assign_to": "journey_owner", "next": None},
    ]  # fmt: skip


def _find_links(house: Installation) -> dict[str, list[str]]:
    """Return the tracked links in each person's mail; the last one leads to the subscription centre."""
    base = f"http://127.0.0.1:{house.mailbox_port}/api/messages"
    found: dict[str, list[str]] = {}
    for row in httpx.get(base, params={"limit": 500}, trust_env=False).json()["items"]:
        mail = message_from_string(httpx.get(f"{base}/{row['id']}/raw", trust_env=False).text, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        part = mail.get_body(("html",))
        assert part is not None
        (recipient,) = row["recipients"]
        found[recipient] = re.findall(rf'href="?({re.escape(house.door_url)}/r/[^"\s>]+)', str(part.get_content()))
    return found
