"""Signing in, lists, forms and the import wizard, as a person uses them."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, Watch, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def names_in_list(page: Page) -> list[str]:
    """Return the names in the list that is shown."""
    return [text.strip() for text in page.locator("tbody td.column-name").all_inner_texts()]


def test_a_wrong_password_is_refused_in_a_sentence(visitor: Page, house: House, watch: Watch) -> None:
    visitor.goto("/")
    visitor.get_by_label("Email").fill(house.email)
    visitor.get_by_label("Password").fill("wrong")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_role("alert")).to_contain_text(re.compile(r"\w+ .*\."))
    watch.faults.clear()  # the browser itself notes a 401 on the console
    sign_in(visitor, house.email, house.password)
    visitor.get_by_role("button", name=re.compile("^Account of")).click()
    visitor.get_by_role("menuitem", name="Sign out").click()
    expect(visitor.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_list_is_searched_sorted_and_filtered(page: Page) -> None:
    page.goto("/contacts")
    expect(page.locator("tbody tr").first).to_be_visible()
    search = page.get_by_role("searchbox", name="Search by name or email")
    search.fill("person")
    page.wait_for_url(re.compile("filter=.*person"))  # the list may hold just these 30 before they are asked for
    expect(page.get_by_text("1–25 of 30")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("26–30 of 30")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Sort by email", re.IGNORECASE)).click()
    expect(page.locator("tbody tr").first).to_contain_text("person00@example.org")
    page.get_by_role("button", name=re.compile("^Sort by email", re.IGNORECASE)).click()
    expect(page.locator("tbody tr").first).to_contain_text("person29@example.org")
    search.fill("abel")
    page.wait_for_url(re.compile("filter=.*abel"))
    expect(page.get_by_text("1–15 of 15")).to_be_visible()
    page.get_by_role("combobox", name="Country").click()
    page.get_by_role("option", name="France").click()
    expect(page.get_by_text("1–5 of 5")).to_be_visible()
    assert all("Abel" in name for name in names_in_list(page))
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").strip().splitlines()
    assert len(lines) == 6


def test_a_contact_is_made_and_changed(page: Page, house: House) -> None:
    address = f"new-{uuid.uuid4().hex[:8]}@example.org"
    page.goto("/contacts/create")
    page.get_by_label("First name").fill("Nora")
    page.get_by_label("Email", exact=True).fill(address)
    page.get_by_role("button", name="Create contact").click()
    page.get_by_role("heading", name="Contacts").wait_for()
    contact = house.api.get("/contacts", search=address)["items"][0]
    page.goto(f"/contacts/{contact['id']}")
    page.get_by_label("City").fill("Bern")
    expect(page.get_by_text("You have unsaved changes.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_hidden()
    assert house.api.get(f"/contacts/{contact['id']}")["city"] == "Bern"
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="Contacts").wait_for()
    assert house.api.get("/contacts", search=address)["items"] == []


def test_a_segment_is_built_with_a_live_estimate(page: Page, house: House) -> None:
    page.goto("/segments/create")
    name = f"Built {uuid.uuid4().hex[:8]}"
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_role("combobox", name="Column").click()
    page.get_by_role("option", name="Last name").click()
    page.get_by_role("combobox", name="Comparison").click()
    page.get_by_role("option", name="is", exact=True).click()
    page.get_by_role("textbox", name="Value").fill("Zorn")
    expect(page.get_by_text("15 contacts")).to_be_visible()
    page.get_by_role("button", name="Create segment").click()
    page.get_by_role("button", name="Go live").click()
    expect(page.locator(".status-live")).to_be_visible(timeout=20_000)
    made = house.api.get("/segments", search=name)["items"][0]
    assert made["definition"]["items"][0]["values"] == ["Zorn"]


def test_a_journey_is_drawn_checked_and_shown(page: Page, house: House) -> None:
    page.goto("/journeys/create/blank")
    name = f"Drawn {uuid.uuid4().hex[:8]}"
    page.get_by_label(re.compile("^Name")).first.fill(name)
    page.get_by_role("button", name="Add a tile after Audience").click()
    page.get_by_role("menuitem", name="If / then").click()
    page.get_by_role("button", name="Add a tile after If / then, No").click()
    page.get_by_role("menuitem", name="Wait for Hold").click()
    expect(page.locator(".react-flow__node-tile")).to_have_count(3)
    page.get_by_role("button", name="Create journey").click()
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("The audience is empty.")).to_be_visible()
    made = house.api.get("/journeys", search=name)["items"][0]
    tiles = house.api.get(f"/journeys/{made['id']}")["definition"]["tiles"]
    assert [(tile["kind"], tile.get("no")) for tile in tiles][1] == ("if_then", 3)


def test_what_was_drawn_is_undone_and_done_again(page: Page) -> None:
    page.goto("/journeys/create/blank")
    tiles = page.locator(".react-flow__node-tile")
    page.get_by_role("button", name="Add a tile after Audience").click()
    page.get_by_role("menuitem", name="Wait for Hold").click()
    expect(tiles).to_have_count(2)
    page.get_by_role("textbox", name="Name").last.press_sequentially("A week")
    expect(page.get_by_role("button", name="Undo changing “A week”")).to_be_enabled()
    page.get_by_role("button", name="Remove A week").click()
    expect(tiles).to_have_count(1)
    expect(page.get_by_role("button", name="Undo removing “A week”")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(tiles).to_have_count(2)
    page.keyboard.press("Control+z")  # the whole name at once, though it was typed letter by letter
    expect(page.get_by_role("button", name="Undo adding “Wait for”")).to_be_enabled()
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+y")
    expect(tiles).to_have_count(1)


def test_an_email_is_previewed_as_a_contact(page: Page, house: House) -> None:
    page.goto(f"/emails/{house.seed.email_id}")
    shown = page.locator('iframe[title="Preview of the email"]')
    shown.evaluate("frame => frame.dataset.shows = 'somebody else'")
    page.get_by_role("combobox", name="Preview as").fill("person05")
    page.get_by_role("option", name=re.compile("person05")).click()
    expect(shown.content_frame.get_by_text("Hello Pat05!")).to_be_visible()
    assert shown.get_attribute("data-shows") is None, "a frame used again sometimes goes on showing the old mail"
    expect(page.get_by_text("An offer for Pat05")).to_be_visible()


def test_a_file_is_imported_with_its_refused_rows(page: Page) -> None:
    page.goto("/imports/create")
    rows = "Mail,Vorname\nimported@example.org,Ida\nnot an address,Udo\n"
    page.locator('input[type="file"]').set_input_files(
        {"name": "more.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    expect(page.get_by_role("combobox", name="Column for Mail")).to_contain_text("Email")
    page.get_by_role("button", name="Start the import").click()
    expect(page.locator(".status-done")).to_be_visible(timeout=20_000)
    expect(page.locator('[data-kpi="Rejected"] [data-value]')).to_have_attribute("data-value", "1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download 1 rejected row").click()
    assert "not an address" in download.value.path().read_text(encoding="utf-8-sig")


def test_insights_are_drawn_and_told(page: Page, house: House) -> None:
    page.goto(f"/emails/{house.seed.email_id}/insights")
    expect(page.locator('[data-kpi="Delivered"] [data-value]')).to_have_attribute(
        "data-value", str(len(house.seed.links))
    )
    expect(page.get_by_role("img", name=re.compile("Line chart"))).to_be_visible()
    page.get_by_role("button", name="Table").click()
    expect(page.get_by_role("table", name="Responses over time")).to_be_visible()
