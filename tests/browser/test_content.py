"""Templates and the asset library, as a person uses them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House
from tests.browser.test_accessibility import find_violations
from tests.integration.content.test_assets import PNG

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def test_an_email_begins_with_a_template_gets_a_picture_and_becomes_a_template(
    page: Page, house: House, tmp_path: Path
) -> None:
    picture = tmp_path / "harbour.png"
    picture.write_bytes(PNG)

    templates = house.api.get("/email-templates")["total"]
    assert templates >= 12
    page.goto("/emails/create")
    page.get_by_role("button", name="Choose a template").click()
    gallery = page.get_by_role("dialog", name="Begin with a template")
    expect(gallery.get_by_role("button", name=re.compile("^Use this: "))).to_have_count(templates)
    assert find_violations(page) == []
    gallery.get_by_role("button", name="Loyalty").click()
    expect(gallery.get_by_role("button", name=re.compile("^Use this: "))).to_have_count(2)
    gallery.get_by_role("button", name="Use this: Birthday").click()
    page.wait_for_url(re.compile(r"/emails/\d+"))
    expect(page.get_by_label("MJML")).to_contain_text("Happy birthday")

    page.get_by_role("button", name="Insert from library").click()
    library = page.get_by_role("dialog", name="Choose from the library")
    library.get_by_label("Files for the library").set_input_files(picture)
    expect(library).to_be_hidden()
    expect(page.get_by_label("MJML")).to_have_value(re.compile(r'<mj-image src="http[^"]+/a/[\w-]+/harbour\.png"'))

    page.get_by_role("button", name="Make a template").click()
    dialog = page.get_by_role("dialog", name="Save as template")
    dialog.get_by_label("Name").fill("Our birthday")
    dialog.get_by_label("Labels").fill("Ours")
    dialog.get_by_role("button", name="Save the template").click()
    expect(dialog).to_be_hidden()

    page.goto("/assets")
    expect(page.get_by_role("img", name="harbour.png")).to_be_visible()
    page.get_by_role("button", name="Describe harbour.png").click()
    page.get_by_label("What it shows").fill("The harbour at noon")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("img", name="The harbour at noon")).to_be_visible()
    page.get_by_role("button", name="Archive harbour.png").click()
    expect(page.get_by_role("img", name="The harbour at noon")).to_be_hidden()


def test_an_email_invites_to_an_event_and_is_tried_out_on_contacts(page: Page) -> None:
    page.goto("/calendar-events/create")
    page.get_by_label("Name").fill("Boat show")
    page.get_by_label("Begins").fill("2027-06-01T18:00")
    page.get_by_label("Ends").fill("2027-06-01T20:00")
    page.get_by_label("Web page").fill("https://example.com/show")
    page.get_by_role("button", name="Create event").click()
    page.wait_for_url(re.compile(r"/calendar-events/\d+"))

    page.goto("/emails/create")
    page.get_by_role("button", name="Choose a template").click()
    page.get_by_role("button", name="Use this: Event invitation").click()
    page.wait_for_url(re.compile(r"/emails/\d+"))
    page.get_by_role("combobox", name="Calendar event").fill("Boat")
    page.get_by_role("option", name="Boat show").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("You are invited: Boat show")).to_be_visible()
    page.get_by_role("button", name="Phone").click()
    expect(page.get_by_title("Preview of the email")).to_have_css("width", "390px")

    page.get_by_role("button", name="Try it out").click()
    dialog = page.get_by_role("dialog", name="Try it out")
    expect(dialog.get_by_text(re.compile(r"Of \d+ contacts, \d+ would get the mail"))).to_be_visible()
    assert find_violations(page) == []
