"""What a role may see and do, and how live records are changed."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, sign_in
from tests.browser.seed import BODY

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def test_a_viewer_sees_numbers_but_no_commands(visitor: Page, house: House) -> None:
    unit = house.api.get("/auth/me")["business_unit_id"]
    email, password = f"viewer-{uuid.uuid4().hex[:8]}@example.org", uuid.uuid4().hex
    house.api.post(
        "/users",
        {"email": email, "name": "Vera Viewer", "role": "viewer", "business_unit_id": unit, "password": password},
    )
    sign_in(visitor, email, password)
    navigation = visitor.get_by_role("navigation", name="Main")
    expect(navigation.get_by_role("link", name="Journeys")).to_be_visible()
    expect(navigation.get_by_role("link", name="Users")).to_be_hidden()
    visitor.goto(f"/journeys/{house.seed.journey_id}/show")
    expect(visitor.locator(".react-flow__node-tile")).to_have_count(4)
    for command in ("More", "Edit", "Stop"):
        expect(visitor.get_by_role("button", name=command, exact=True)).to_be_hidden()
    visitor.goto("/contacts")
    expect(visitor.get_by_role("heading", name="Contacts")).to_be_visible()
    expect(visitor.get_by_role("link", name="New contact")).to_be_hidden()
    visitor.goto(f"/contacts/{house.seed.contact_id}")
    expect(visitor.get_by_label("First name")).to_be_disabled()
    expect(visitor.get_by_role("button", name="Save")).to_be_hidden()


def test_a_live_email_is_edited_and_published_again(page: Page, house: House) -> None:
    name = f"Again {uuid.uuid4().hex[:8]}"
    columns = {"name": name, "subject": "One", "from_name": "Shop", "from_address": "shop@example.com"}
    email = house.api.post("/emails", {**columns, "source_kind": "html", "source": BODY})
    page.goto(f"/emails/{email['id']}")
    page.get_by_role("button", name="Go live").click()
    page.get_by_role("dialog").get_by_role("button", name="Go live").click()
    expect(page.locator(".status-live")).to_be_visible()
    expect(page.get_by_label("Subject")).to_be_disabled()
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(page.locator(".status-live_editable")).to_be_visible()
    page.get_by_label("Subject").fill("Two")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_hidden()
    page.get_by_role("button", name="Go live").click()
    page.get_by_role("dialog").get_by_role("button", name="Go live").click()
    expect(page.locator(".status-live")).to_be_visible()
    assert house.api.get(f"/emails/{email['id']}")["subject"] == "Two"


def test_going_live_says_whom_the_journey_reaches(page: Page, house: House) -> None:
    copied = house.api.post(f"/journeys/{house.seed.journey_id}/copy")
    page.goto(f"/journeys/{copied['id']}")
    page.get_by_label("Starts").fill("2026-01-01T09:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_hidden()
    page.get_by_role("button", name="Go live").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{len(house.seed.links)} contacts")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.locator(".status-draft")).to_be_visible()


def test_an_api_key_is_shown_once_and_revoked(page: Page) -> None:
    name = f"Program {uuid.uuid4().hex[:8]}"
    page.goto("/api-keys")
    page.get_by_role("button", name="New API key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is it for?").fill(name)
    dialog.get_by_role("button", name="Make the key").click()
    expect(dialog.get_by_label("Key", exact=True)).not_to_have_value("")
    dialog.get_by_role("button", name="I have kept it").click()
    row = page.get_by_role("row").filter(has_text=name)
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke the key").click()
    expect(row).to_contain_text("Revoked")
