"""Content blocks, the translator of old templates, and the names of options in several languages."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House
from tests.browser.test_accessibility import find_violations

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]

OLD = """<p>Dear {{contact.firstname}}</p>
{{#if (eq contact.address1_country 'DE')}}<p>Guten Tag</p>{{/if}}
<p>{{nobody_knows.this}}</p>"""


def test_a_block_is_written_previewed_and_put_into_an_email(page: Page, house: House) -> None:
    name = f"Footer {uuid.uuid4().hex[:8]}"
    page.goto("/content-blocks")
    page.get_by_role("link", name="New block").first.click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("combobox", name="Labels").fill("Foot")
    page.get_by_role("option", name=re.compile("Foot")).click()
    source = "<mj-section><mj-column><mj-text>From {{ contact.first_name }}’s shop</mj-text></mj-column></mj-section>"
    page.get_by_label("MJML").fill(source)
    page.get_by_role("button", name="Create block").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    frame = page.frame_locator('iframe[title="Preview of the block"]')
    expect(frame.get_by_text(re.compile("From .+’s shop"))).to_be_visible()
    (made,) = house.api.get("/content-blocks", search=name)["items"]
    assert (made["source"], made["labels"], made["source_kind"]) == (source, ["Foot"], "mjml")

    page.get_by_label("MJML").fill("<mj-text>{% if %}</mj-text>")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_hidden()
    expect(frame.locator("body")).to_contain_text(re.compile(r"Liquid"))
    page.get_by_label("MJML").fill(source)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_hidden()

    page.goto("/emails/create")
    page.get_by_role("button", name="Insert a block").click()
    picker = page.get_by_role("dialog", name="Insert a content block")
    picker.get_by_label("Search").fill(name)
    expect(picker.get_by_role("button", name=f"Insert {name}")).to_be_visible()
    assert find_violations(page) == []
    picker.get_by_role("button", name=f"Insert {name}").click()
    expect(picker).to_be_hidden()
    page.get_by_role("textbox", name="Name").first.fill(f"With {name}")
    page.get_by_role("button", name="Create email").click()
    page.wait_for_url(re.compile(r"/emails/\d+"))
    (email,) = house.api.get("/emails", search=f"With {name}")["items"]
    assert source in house.api.get(f"/emails/{email['id']}")["source"]

    page.goto(f"/content-blocks/{made['id']}")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="Content blocks", exact=True).wait_for()
    assert house.api.get("/content-blocks", search=name)["items"] == []


def test_an_old_template_is_translated_reported_on_and_kept(page: Page, house: House, tmp_path: Path) -> None:
    name = f"Old {uuid.uuid4().hex[:8]}"
    file = tmp_path / f"{name}.html"
    file.write_text(OLD, encoding="utf-8")
    page.goto("/")
    page.get_by_role("link", name="Translate a template").click()
    expect(page.get_by_role("button", name="Translate", exact=True)).to_be_disabled()
    page.get_by_label("File of the old template").set_input_files(file)
    expect(page.get_by_label("Its source")).to_have_value(OLD)
    page.get_by_role("button", name="Translate", exact=True).click()
    report = page.get_by_role("table", name="Report of the translation")
    expect(report).to_contain_text("{{nobody_knows.this}}")
    expect(report.locator(".status-not_translated")).to_have_count(1)
    expect(page.get_by_text("1 piece could not be translated")).to_be_visible()
    expect(page.get_by_label("In Liquid")).to_have_value(re.compile(r"Dear \{\{ contact\.first_name \}\}"))
    expect(page.get_by_label("In Liquid")).to_have_value(re.compile(r"\{% if contact\.country == 'DE' %\}"))

    assert find_violations(page) == []
    page.get_by_role("button", name="Make a template").click()
    dialog = page.get_by_role("dialog", name="Make a template of it")
    expect(dialog.get_by_label("Name")).to_have_value(name)
    dialog.get_by_role("button", name="Save the template").click()
    expect(dialog).to_be_hidden()
    (template,) = house.api.get("/email-templates", search=name)["items"]
    assert "{{ contact.first_name }}" in house.api.get(f"/email-templates/{template['id']}")["source"]

    page.get_by_role("button", name="Make an email").click()
    page.get_by_role("dialog", name="Make an email of it").get_by_role("button", name="Make the email").click()
    page.wait_for_url(re.compile(r"/emails/\d+"))
    (email,) = house.api.get("/emails", search=name)["items"]
    made = house.api.get(f"/emails/{email['id']}")
    assert (made["status"], made["source_kind"]) == ("draft", "html")
    assert "{{nobody_knows.this}}" in made["source"]


def test_options_are_added_and_named_in_the_languages_of_the_readers(page: Page, house: House) -> None:
    name = f"Colour {uuid.uuid4().hex[:6]}"
    page.goto("/custom-columns")
    page.get_by_role("link", name="New column").first.click()
    page.get_by_role("textbox", name="Name").fill(name)
    key = name.lower().replace(" ", "_")
    expect(page.get_by_role("textbox", name="Key")).to_have_value(key)
    for option in ("red", "blue", "wrong"):
        page.get_by_label("New option").fill(option)
        page.get_by_label("New option").press("Enter")
    page.get_by_role("button", name="Take wrong away").click()
    page.get_by_role("combobox", name="Add a language").fill("Germ")
    page.get_by_role("option", name="German").click()
    page.get_by_label("red in German").fill("Rot")
    assert find_violations(page) == []
    page.get_by_role("button", name="Create column").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    (made,) = [each for each in house.api.get("/custom-columns")["items"] if each["key"] == key]
    assert (made["options"], made["option_labels"]) == (["red", "blue"], {"red": {"de": "Rot"}})

    page.get_by_role("combobox", name="Add a language").fill("Fren")
    page.get_by_role("option", name="French").click()
    page.get_by_label("blue in French").fill("Bleu")
    page.get_by_label("red in German").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You have unsaved changes.")).to_be_hidden()
    assert house.api.get(f"/custom-columns/{made['id']}")["option_labels"] == {"blue": {"fr": "Bleu"}}
    page.goto("/custom-columns")
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("2 options")
    expect(row).to_contain_text("French")


def test_a_template_is_copied_renamed_used_and_deleted(page: Page, house: House) -> None:
    name = f"Spring {uuid.uuid4().hex[:8]}"
    page.goto("/email-templates")
    shipped = house.api.get("/email-templates", shipped="true")["items"][0]
    page.get_by_role("searchbox", name="Search email templates").fill(shipped["name"])
    page.get_by_role("cell", name=shipped["name"], exact=True).click()
    expect(page.get_by_text("It came with Senet and cannot be changed.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_be_disabled()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("heading", name=f"Copy of {shipped['name']}")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Subject").fill("Hello {{ contact.first_name }}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.frame_locator('iframe[title="Preview of the template"]').locator("body")).not_to_be_empty()
    assert find_violations(page) == []
    (made,) = house.api.get("/email-templates", search=name)["items"]
    assert (made["shipped"], made["subject"]) == (False, "Hello {{ contact.first_name }}")

    page.get_by_role("button", name="Write an email with it").click()
    page.wait_for_url(re.compile(r"/emails/\d+"))
    expect(page.get_by_role("textbox", name="Subject")).to_have_value("Hello {{ contact.first_name }}")

    page.goto(f"/email-templates/{made['id']}")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete this email template?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The email template is deleted.")).to_be_visible()
    assert house.api.get("/email-templates", search=name)["items"] == []
    assert house.api.get("/emails", search=name)["total"] == 1, "what was made of it stays"
