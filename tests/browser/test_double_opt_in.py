"""Double opt-in as people meet it: set up by an administrator, asked by a mail, confirmed by a button."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House
from tests.browser.test_accessibility import find_violations
from tests.support.content import CONFIRMATION_BODY
from tests.support.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]
ADDRESS = "wants-news@example.org"
SETTLE = """Promise.allSettled(
    document.getAnimations().filter(each => each.effect.getComputedTiming().iterations !== Infinity)
        .map(each => each.finished)
).then(() => null)"""  # one that is cut short, because the page goes on, is settled too


def find_settled_violations(page: Page) -> list[str]:
    """What axe objects to once no button changes its colours any more."""
    page.evaluate(SETTLE)
    return find_violations(page)


def find_link(house: House) -> str:
    """The confirmation link of the mail that has arrived, or nothing yet."""
    mailbox = f"http://127.0.0.1:{house.installation.mailbox_port}/api/messages"
    with httpx.Client(trust_env=False, timeout=10) as client:
        items = client.get(mailbox, params={"search": ADDRESS}).json()["items"]
        if not items:
            return ""
        links = client.get(f"{mailbox}/{items[0]['id']}").json()["links"]
    return next((link for link in links if "/confirm/" in link), "")


def test_a_list_is_joined_by_the_button_of_the_mails_page_and_by_nothing_before(
    house: House, page: Page, visitor: Page
) -> None:
    api: Any = house.api
    asks = api.post(
        "/emails",
        {
            "name": "Please confirm",
            "subject": "Please confirm",
            "from_name": "Shop",
            "from_address": "news@shop.example",
            "content_type": "confirmation_request",
            "legal_designation": "transactional",
            "source": CONFIRMATION_BODY,
        },
    )
    api.post(f"/emails/{asks['id']}/go-live")
    news = api.post("/lists", {"name": "Harbour news"})
    person = api.post("/contacts", {"first_name": "Ines", "email": ADDRESS})

    page.goto("/double-opt-in")
    expect(page.get_by_role("link", name="a new email")).to_be_visible()
    assert find_settled_violations(page) == []
    for label in ("Email to confirm a list", "Email to confirm consent"):
        page.get_by_role("combobox", name=label).fill("Please")
        page.get_by_role("option", name="Please confirm").click()
    page.get_by_label("Page after confirming a list").fill(f"{house.url}/login")
    page.get_by_role("button", name="Turn double opt-in on").click()
    expect(page.get_by_role("button", name="Turn double opt-in off")).to_be_visible()
    assert find_settled_violations(page) == []

    try:
        page.goto(f"/contacts/{person['id']}")
        page.get_by_role("button", name="Ask to confirm").click()
        dialog = page.get_by_role("dialog", name="Ask by mail")
        dialog.get_by_role("combobox", name="To join this list").fill("Harbour")
        page.get_by_role("option", name="Harbour news").click()
        assert find_settled_violations(page) == []
        dialog.get_by_role("button", name="Send the mail").click()
        expect(dialog).to_be_hidden()
        link = wait_for(lambda: find_link(house), seconds=60, what="the mail that asks has arrived")

        visitor.goto(link)
        expect(visitor.get_by_text("Harbour news")).to_be_visible()
        assert find_settled_violations(visitor) == []
        assert api.get(f"/lists/{news['id']}/members")["total"] == 0
        visitor.get_by_role("button", name="Yes, I confirm").click()
        visitor.wait_for_url(f"{house.url}/login")
        assert [one["email"] for one in api.get(f"/lists/{news['id']}/members")["items"]] == [ADDRESS]
        visitor.goto(link)
        expect(visitor.get_by_role("heading", name="Thank you, it is confirmed")).to_be_visible()

        page.goto("/confirmation-requests")
        row = page.get_by_role("row").filter(has_text=ADDRESS)
        expect(row).to_contain_text("Harbour news")
        expect(row).to_contain_text("Confirmed")
        assert find_settled_violations(page) == []
    finally:
        page.goto("/double-opt-in")
        page.get_by_role("button", name="Turn double opt-in off").click()
        expect(page.get_by_role("button", name="Turn double opt-in on")).to_be_visible()


def test_a_new_email_becomes_a_confirmation_request_with_its_link_and_designation(page: Page) -> None:
    page.goto("/emails/create")
    page.get_by_role("combobox", name="Content type").click()
    page.get_by_role("option", name="Confirmation request").click()
    expect(page.get_by_role("combobox", name="Legal designation")).to_have_text("Transactional")
    expect(page.get_by_label("MJML")).to_have_value(re.compile(r"\{\{ message\.confirmation_url \}\}"))
    page.locator("input[name=name]").fill("Asks")
    page.get_by_label("Subject").fill("Please confirm")
    page.get_by_label("From name").fill("Shop")
    page.get_by_label("From address").fill("news@shop.example")
    page.get_by_role("button", name="Create email").click()
    page.wait_for_url(re.compile(r"/emails/\d+"))
    expect(page.get_by_role("button", name="Test send")).to_be_hidden()
    page.get_by_role("button", name="Go live").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Go live").click()
    expect(page.get_by_text("A live email cannot be changed")).to_be_visible()
