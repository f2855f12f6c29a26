"""The gallery of journey templates, and journeys kept as templates."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def test_a_new_journey_begins_with_a_template_that_was_searched_and_looked_at(page: Page, house: House) -> None:
    page.goto("/journeys")
    page.get_by_role("link", name="New journey").click()
    cards = page.get_by_role("list", name="What to begin with").get_by_role("listitem")
    expect(cards.first).to_contain_text("Blank journey")
    expect(cards.filter(has_text="Event invitation").get_by_role("img")).to_have_accessible_name(
        re.compile("The flow: Whom to invite, Invitation")
    )
    page.get_by_role("searchbox", name="Search templates").fill("invit")
    expect(cards).to_have_count(1)
    cards.get_by_role("button", name="Event invitation").click()
    dialog = page.get_by_role("dialog", name="Event invitation")
    dialog.get_by_role("button", name=re.compile("Email: Invitation")).click()
    expect(dialog.get_by_role("status")).to_contain_text("With a link to the registration.")
    name = f"Autumn fair {uuid.uuid4().hex[:8]}"
    dialog.get_by_label("Name of the journey").fill(name)
    dialog.get_by_role("button", name="Create journey").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    made = house.api.get("/journeys", search=name)["items"][0]
    tiles = house.api.get(f"/journeys/{made['id']}")["definition"]["tiles"]
    assert [tile["kind"] for tile in tiles][:3] == ["audience", "email", "if_then"]


def test_the_gallery_is_filtered_and_leads_to_a_blank_journey(page: Page) -> None:
    page.goto("/journeys/create")
    cards = page.get_by_role("list", name="What to begin with").get_by_role("listitem")
    page.get_by_role("combobox", name="Purpose").click()
    page.get_by_role("option", name="Newsletter").click()
    expect(cards).to_have_count(1)
    page.get_by_role("searchbox", name="Search templates").fill("no such thing")
    expect(page.get_by_text("Take some of the filters away")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Blank journey").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Blank journey")).to_be_visible()
    expect(page.locator(".react-flow__node-tile")).to_have_count(1)


def test_a_journey_is_kept_as_a_template_changed_and_deleted(page: Page, house: House) -> None:
    name = f"Offer {uuid.uuid4().hex[:8]}"
    page.goto(f"/journeys/{house.seed.journey_id}/show")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Save as template").click()
    dialog = page.get_by_role("dialog", name="Save as template")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Purpose").fill("promotion")
    dialog.get_by_label("Tags").fill("shop")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Save as template").click()
    expect(dialog).to_be_hidden()
    (made,) = house.api.get("/journey-templates", search=name)["items"]
    assert (made["purpose"], made["tags"], made["language"]) == ("promotion", ["shop"], "en")
    assert made["definition"]["tiles"][1]["email_id"] is None
    page.goto("/journeys/create")
    page.get_by_role("button", name=name).click()
    opened = page.get_by_role("dialog", name=name)
    opened.get_by_role("button", name="Change the words").click()
    words = page.get_by_role("dialog", name="Change the template's words")
    words.get_by_label("Description").fill("An offer, and a call to whoever clicks.")
    words.get_by_role("button", name="Save").click()
    expect(opened).to_contain_text("An offer, and a call to whoever clicks.")
    opened.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name=f"Delete the template “{name}”?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The template is deleted.")).to_be_visible()
    expect(page.get_by_role("button", name=name)).to_be_hidden()
    assert house.api.get("/journey-templates", search=name)["items"] == []


def test_a_shipped_template_offers_no_way_to_change_it(page: Page) -> None:
    page.goto("/journeys/create")
    page.get_by_role("button", name="Newsletter").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Create journey")).to_be_visible()
    expect(dialog.get_by_role("button", name="Delete")).to_be_hidden()
