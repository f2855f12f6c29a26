"""Quick send: one email to a few people, from a contact's page, from the list of contacts and from the email."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, sign_in
from tests.browser.seed import BODY
from tests.browser.test_accessibility import find_violations

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def make_people(house: House, count: int) -> tuple[str, list[int]]:
    """Make people of one family; returns its name and their ids."""
    family = f"Q{uuid.uuid4().hex[:8]}"
    bodies = [
        {"email": f"{family}{n}@example.org".lower(), "first_name": f"Quin{n}", "last_name": family}
        for n in range(count)
    ]
    return family, [house.api.post("/contacts", body)["id"] for body in bodies]


def make_draft(house: House, **columns: str) -> dict[str, object]:
    """Make an email that has never been live."""
    name = f"Quick {uuid.uuid4().hex[:8]}"
    body = {"name": name, "subject": "For {{ contact.first_name }}", "from_name": "Shop", "source_kind": "html"}
    made: dict[str, object] = house.api.post(
        "/emails", {**body, "from_address": "shop@example.com", "source": BODY, **columns}
    )
    return made


def test_the_chosen_people_of_the_list_get_a_draft_that_goes_live_for_it(page: Page, house: House) -> None:
    family, ids = make_people(house, 3)
    email = make_draft(house)
    page.goto("/contacts")
    page.get_by_role("searchbox", name="Search by name or email").fill(family)
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("checkbox", name=re.compile("^Choose Quin0")).check()
    page.get_by_role("button", name="Choose the whole page").click()
    expect(page.get_by_role("status").filter(has_text="3 chosen")).to_be_visible()
    page.get_by_role("button", name="Quick send").click()
    dialog = page.get_by_role("dialog", name="Quick send")
    people = dialog.get_by_role("list", name="People who get it")
    expect(people.get_by_role("listitem")).to_have_count(3)
    people.get_by_role("button", name=re.compile("^Take Quin2")).click()
    expect(people.get_by_role("listitem")).to_have_count(2)
    dialog.get_by_role("combobox", name="Email").fill(str(email["name"]))
    page.get_by_role("option", name=str(email["name"])).click()
    expect(dialog).to_contain_text("It goes live as it was saved last, and is sent then.")
    assert find_violations(page) == []
    frame = dialog.frame_locator('iframe[title="Preview of the email"]')
    expect(frame.get_by_text(re.compile(r"Hello Quin[01]!"))).to_be_visible()
    first = frame.locator("p").first.inner_text()
    dialog.get_by_role("button", name="Preview as the next person").click()
    expect(frame.get_by_text(re.compile(r"Hello Quin[01]!"))).not_to_have_text(first)
    dialog.get_by_role("button", name="Send to 2 people").click()
    result = page.get_by_role("dialog", name="It is on its way")
    expect(result.locator(".status-delivered")).to_have_count(2, timeout=60_000)
    assert house.api.get(f"/emails/{email['id']}")["status"] == "live"
    got = [len(house.api.get("/messages", contact_id=each)["items"]) for each in ids]
    assert sorted(got) == [0, 1, 1]
    result.get_by_role("link", name="a journey of its own").click()
    expect(page.get_by_role("heading", name=str(email["name"]))).to_be_visible()


def test_a_person_gets_an_email_from_their_own_page_and_a_block_is_told_with_its_reason(
    page: Page, house: House
) -> None:
    family, (person,) = make_people(house, 1)
    house.api.post("/suppressions", {"key": f"{family}0@example.org", "note": "They asked"})
    page.goto(f"/contacts/{person}")
    page.get_by_role("button", name="Send an email").click()
    dialog = page.get_by_role("dialog", name="Quick send")
    expect(dialog.get_by_role("list", name="People who get it")).to_contain_text("Quin0")
    expect(dialog.get_by_role("button", name="Send to 1 person")).to_be_disabled()
    dialog.get_by_role("combobox", name="Email").fill("The offer")
    page.get_by_role("option", name="The offer", exact=True).click()
    expect(dialog).to_contain_text("Its live version is sent.")
    dialog.get_by_role("button", name="Send to 1 person").click()
    result = page.get_by_role("dialog", name="It is on its way")
    expect(result.locator(".status-blocked")).to_be_visible(timeout=60_000)
    (message,) = house.api.get("/messages", contact_id=person)["items"]
    assert message["state"] == "blocked"


def test_an_email_with_errors_is_not_sent_and_says_why(page: Page, house: House) -> None:
    _, (person,) = make_people(house, 1)
    email = make_draft(house, subject="")
    page.goto(f"/emails/{email['id']}")
    page.get_by_role("button", name="Quick send").click()
    dialog = page.get_by_role("dialog", name="Quick send")
    expect(dialog).to_contain_text("It cannot be sent before its errors are mended.")
    dialog.get_by_role("combobox", name="Add a person").fill("quin0")
    page.get_by_role("option").first.click()
    expect(dialog.get_by_role("button", name="Send to 1 person")).to_be_disabled()
    assert house.api.get("/messages", contact_id=person)["items"] == []
    assert house.api.get(f"/emails/{email['id']}")["status"] == "draft"


def test_who_may_not_take_emails_live_cannot_send_quickly(visitor: Page, house: House) -> None:
    unit = house.api.get("/auth/me")["business_unit_id"]
    login, password = f"viewer-{uuid.uuid4().hex[:8]}@example.org", uuid.uuid4().hex
    house.api.post(
        "/users", {"email": login, "name": "V", "role": "viewer", "business_unit_id": unit, "password": password}
    )
    sign_in(visitor, login, password)
    visitor.goto("/contacts")
    expect(visitor.locator("tbody tr").first).to_be_visible()
    expect(visitor.get_by_role("checkbox", name=re.compile("^Choose "))).to_have_count(0)
    visitor.goto(f"/contacts/{house.seed.contact_id}")
    expect(visitor.get_by_label("First name")).to_be_visible()
    expect(visitor.get_by_role("button", name="Send an email")).to_be_hidden()
