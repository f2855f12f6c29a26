"""What strangers and colleagues write is text on every page that shows it: nothing of it runs or becomes markup."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import House, Watch
from tests.browser.test_accessibility import settle
from tests.browser.test_delivery import new_address, return_mail, send_mail_to
from tests.support.processes import wait_for
from tests.support.returns import make_dsn

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]

SCRIPT = "<script>window.hit=1</script>"
IMAGE = "\"'><img src=x onerror=window.hit=1>"
HOSTILE = f"{IMAGE}{SCRIPT}{{{{constructor.constructor('window.hit=1')()}}}}"


def _make_hostile(house: House) -> dict[str, int]:
    """A person, a segment, an email, a journey and more whose names want to be scripts."""
    api = house.api
    person = api.post(
        "/contacts", {"email": "hostile@example.org", "first_name": HOSTILE, "last_name": IMAGE, "city": SCRIPT}
    )
    segment = api.post("/segments", {"name": HOSTILE, "kind": "static", "definition": {}, "description": SCRIPT})
    email = api.post("/emails", {"name": HOSTILE, "subject": IMAGE, "from_name": SCRIPT, "source": f"<p>{IMAGE}</p>"})
    api.post(f"/emails/{email['id']}/ab-tests", {"name": HOSTILE, "kind": "header", "subject": IMAGE})
    source = {"kind": "segment", "id": segment["id"], "containment": "include"}
    audience = {"id": 1, "kind": "audience", "name": HOSTILE, "merge": "union", "sources": [source], "next": None}
    journey = api.post("/journeys", {"name": HOSTILE, "description": SCRIPT, "definition": {"tiles": [audience]}})
    api.post("/leads", {"first_name": HOSTILE, "last_name": IMAGE, "topic": SCRIPT, "email": "lead@example.org"})
    api.post("/activity-templates", {"name": HOSTILE, "kind": "task", "subject": SCRIPT})
    block = api.post("/content-blocks", {"name": HOSTILE, "description": SCRIPT, "source": IMAGE, "labels": [SCRIPT]})
    options = {"options": [IMAGE], "option_labels": {IMAGE: {"de": SCRIPT}}}
    column = api.post("/custom-columns", {"key": "hostile", "label": HOSTILE, "kind": "choice", **options})
    api.post("/blocked-hosts", {"host": "hostile.example", "note": HOSTILE})
    suppressed = api.post("/suppressions", {"key": "hostile-too@example.org", "note": HOSTILE})
    ids = {"block": block["id"], "column": column["id"], "suppressed": suppressed["id"]}
    return ids | {"contact": person["id"], "segment": segment["id"], "email": email["id"], "journey": journey["id"]}


def _click_with_a_hostile_browser(house: House) -> None:
    """Follow a mail's link as a program whose headers want to be scripts."""
    reader = next(address for address in reversed(house.seed.links) if address != "person01@example.org")
    headers = {"User-Agent": f"Mozilla/5.0 {HOSTILE}", "Referer": f"https://x.example/{IMAGE}"}
    link = house.seed.links[reader][-1]
    assert httpx.get(link, headers=headers, trust_env=False).status_code in {200, 302}
    contact = house.api.get("/contacts", search=reader)["items"][0]["id"]
    path = f"/contacts/{contact}/timeline"
    wait_for(
        lambda: any(each["type"] == "EmailClicked" for each in house.api.get(path)["items"]), seconds=30, what="a click"
    )


def _bounce_with_hostile_words(house: House) -> int:
    """Let a mail come back from a server whose words want to be scripts; returns whose mail it was."""
    address = new_address()
    original = send_mail_to(house, address)
    return_mail(house, make_dsn(diagnostic=f"smtp; 550 5.1.1 {HOSTILE} User unknown", original=original))
    contact = int(house.api.get("/contacts", search=address)["items"][0]["id"])
    path = f"/contacts/{contact}/timeline"
    bounced = wait_for(
        lambda: [each for each in house.api.get(path)["items"] if each["type"] == "EmailHardRemoteBounced"],
        seconds=30,
        what="the bounce is in the timeline",
    )
    assert HOSTILE in bounced[0]["reason"]  # kept as it was said, and shown as text
    return contact


def test_no_page_runs_what_somebody_wrote(page: Page, house: House, watch: Watch) -> None:
    ids = _make_hostile(house)
    _click_with_a_hostile_browser(house)
    bounced = _bounce_with_hostile_words(house)
    page.on("dialog", lambda dialog: pytest.fail(f"A dialog opened: {dialog.message}"))
    shown = 0
    for address in (
        "/", "/contacts", f"/contacts/{ids['contact']}", f"/contacts/{house.seed.contact_id}", f"/contacts/{bounced}",
        "/segments",
        f"/segments/{ids['segment']}", "/emails", f"/emails/{ids['email']}", f"/emails/{house.seed.email_id}/insights",
        "/journeys", f"/journeys/{ids['journey']}", f"/journeys/{house.seed.journey_id}/show", "/leads", "/activities",
        "/activity-templates", "/content-blocks", f"/content-blocks/{ids['block']}", "/custom-columns",
        f"/custom-columns/{ids['column']}", "/blocked-hosts", "/suppressions",
        f"/suppressions/{ids['suppressed']}/show", "/returned-mails",
    ):  # fmt: skip
        page.goto(address)
        settle(page)
        assert page.evaluate("window.hit") is None, address
        assert page.locator('img[src="x"]').count() == 0, address
        shown += "onerror=window.hit=1" in page.locator("body").inner_text()
    assert shown >= 10  # it is there to be read, as text
    blocked = [fault for fault in watch.faults if "Blocked script execution" in fault and "preview.html" in fault]
    assert blocked  # the preview's frame is a sandbox, and the browser says that it holds
    watch.faults[:] = [fault for fault in watch.faults if fault not in blocked]
