"""Custom channels: declared, changed, used at a tile."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def test_a_channel_is_declared_with_its_responses(page: Page, house: House) -> None:
    house.api.post(
        "/custom-columns", {"entity": "contact", "key": "no_visits", "label": "No visits", "kind": "boolean"}
    )
    name = f"Visits {uuid.uuid4().hex[:8]}"
    page.goto("/channels")
    page.get_by_role("link", name="New channel").click()
    page.get_by_role("textbox", name="Name").first.fill(name)
    expect(page.get_by_label("Key").first).to_have_value(name.lower().replace(" ", "_"))
    page.get_by_role("combobox", name="Compliance column").click()
    page.get_by_role("option", name="No visits").click()
    page.get_by_role("button", name="Add a response").click()
    first = page.get_by_role("group", name="Response 1")
    first.get_by_label("Name").fill("Was at home!")
    expect(first.get_by_label("Key", exact=True)).to_have_value("was_at_home")
    page.get_by_role("button", name="Add a response").click()
    second = page.get_by_role("group", name="Response 2")
    second.get_by_label("Name").fill("Said")
    second.get_by_label("Key", exact=True).fill("was_at_home")
    page.get_by_role("button", name="Create channel").click()
    expect(page.get_by_role("alert").filter(has_text="Two responses have the key")).to_be_visible()
    second.get_by_label("Key", exact=True).fill("said")
    second.get_by_label("Takes a keyword: Said").check()
    page.get_by_role("button", name="Create channel").click()
    expect(page.get_by_role("region", name="How responses come in")).to_contain_text('"keyword":"Yes please"')
    (made,) = house.api.get("/channels", search=name)["items"]
    assert made["compliance_column"] == "custom.no_visits"
    assert [(one["key"], one["custom"]) for one in made["responses"]] == [("was_at_home", False), ("said", True)]
    expect(page.get_by_role("region", name="Example request")).to_contain_text(f"/channels/{made['id']}/activities")


def test_a_channel_is_changed_and_deleted(page: Page, house: House) -> None:
    key = f"calls_{uuid.uuid4().hex[:8]}"
    made = house.api.post("/channels", {"name": f"Calls {key}", "key": key, "responses": []})
    page.goto("/channels")
    page.get_by_role("cell", name=f"Calls {key}").click()
    page.get_by_label("Description").fill("Rings people up.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_hidden()
    assert house.api.get(f"/channels/{made['id']}")["description"] == "Rings people up."
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="Custom channels").wait_for()
    assert house.api.get("/channels", search=key)["items"] == []


def test_a_tile_uses_a_channel_and_a_rule_asks_for_its_response(page: Page) -> None:
    page.goto("/journeys/create/blank")
    page.get_by_role("button", name="Add a tile after Audience").click()
    page.get_by_role("menuitem", name="Custom channel").click()
    page.get_by_role("combobox", name="Channel to use").fill("Lett")
    page.get_by_role("option", name="Letters").click()
    expect(page.get_by_role("link", name="Open the channel")).to_be_visible()
    page.get_by_role("button", name="Add a tile after Custom channel").click()
    page.get_by_role("menuitem", name="If / then").click()
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_role("combobox", name="Response").click()
    page.get_by_role("option", name="Answered with").click()
    page.get_by_label("Keyword").fill("yes")
    expect(page.get_by_label("Keyword")).to_have_value("yes")
