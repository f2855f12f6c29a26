"""Every main page is checked by axe, in the light and the dark theme."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import UI, House

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]

AXE = UI / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "home": "/",
    "contacts": "/contacts",
    "a contact": "/contacts/{contact}",
    "segments": "/segments",
    "a segment": "/segments/{segment}",
    "emails": "/emails",
    "an email": "/emails/{email}",
    "email insights": "/emails/{email}/insights",
    "a new email": "/emails/create",
    "the asset library": "/assets",
    "calendar events": "/calendar-events",
    "a new calendar event": "/calendar-events/create",
    "journeys": "/journeys",
    "a journey's numbers": "/journeys/{journey}/show",
    "a journey's form": "/journeys/{journey}",
    "what a new journey begins with": "/journeys/create",
    "a blank journey": "/journeys/create/blank",
    "a journey's rehearsals": "/journeys/{journey}/rehearsals",
    "a rehearsal": "/journeys/{journey}/rehearsals/{rehearsal}",
    "activities": "/activities",
    "activity templates": "/activity-templates",
    "a new activity template": "/activity-templates/create",
    "leads": "/leads",
    "a new lead": "/leads/create",
    "workflows": "/workflows",
    "a workflow": "/workflows/{workflow}",
    "custom channels": "/channels",
    "a new custom channel": "/channels/create",
    "a custom channel": "/channels/{channel}",
    "recovery items": "/recovery-items",
    "imports": "/imports",
    "a new import": "/imports/create",
    "content settings": "/content-settings",
    "email templates": "/email-templates",
    "a new email template": "/email-templates/create",
    "content blocks": "/content-blocks",
    "a new content block": "/content-blocks/create",
    "the translator": "/translate-template",
    "sending domains": "/sending-domains",
    "a new sending domain": "/sending-domains/create",
    "providers": "/providers",
    "deliverability": "/deliverability",
    "suppressed addresses": "/suppressions",
    "returned mails": "/returned-mails",
    "blocked links": "/blocked-hosts",
    "custom columns": "/custom-columns",
    "a new custom column": "/custom-columns/create",
    "double opt-in": "/double-opt-in",
    "what was asked for": "/confirmation-requests",
    "users": "/users",
    "sending limits": "/sending-limits",
    "API keys": "/api-keys",
}


def find_violations(page: Page) -> list[str]:
    """Return what axe objects to on the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run({exclude: ['iframe']}, {runOnly: {type: 'tag', values: rules}, iframes: false})", RULES
    )
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def settle(page: Page) -> None:
    """Wait until the page has its heading and stands still."""
    page.locator("h1").first.wait_for()
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=20_000)
    page.wait_for_timeout(600)  # numbers glide for half a second


def test_the_sign_in_page_is_accessible(visitor: Page) -> None:
    visitor.goto("/")
    visitor.get_by_role("button", name="Sign in").wait_for()
    assert find_violations(visitor) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_main_pages_are_accessible(page: Page, house: House, theme: str) -> None:
    page.goto("/")
    if theme == "dark":
        page.get_by_role("button", name="Account of").click()
        page.get_by_role("menuitem", name="Dark theme").click()
    found: dict[str, list[str]] = {}
    seed = house.seed
    for name, address in PAGES.items():
        page.goto(
            address.format(
                contact=seed.contact_id,
                segment=seed.segment_id,
                email=seed.email_id,
                journey=seed.journey_id,
                workflow=seed.workflow_id,
                channel=seed.channel_id,
                rehearsal=seed.rehearsal_id,
            )
        )
        settle(page)
        if violations := find_violations(page):
            found[name] = violations
    assert found == {}


def test_an_open_tile_and_an_open_dialog_are_accessible(page: Page, house: House) -> None:
    page.goto(f"/journeys/{house.seed.journey_id}/show")
    settle(page)
    page.get_by_role("button", name="Email: The offer").click()
    page.get_by_role("complementary", name="Numbers of the tile").wait_for()
    page.wait_for_timeout(600)
    assert find_violations(page) == []
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("dialog").wait_for()
    page.wait_for_timeout(600)
    assert find_violations(page) == []


def test_a_template_and_the_tables_of_a_rehearsal_are_accessible(page: Page, house: House) -> None:
    page.goto("/journeys/create")
    settle(page)
    page.get_by_role("button", name="Event invitation").click()
    page.get_by_role("dialog").get_by_role("button", name="Audience: Whom to invite").wait_for()
    page.wait_for_timeout(600)
    assert find_violations(page) == []
    page.goto(f"/journeys/{house.seed.journey_id}/show")
    settle(page)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Save as template").click()
    page.get_by_role("dialog").wait_for()
    page.wait_for_timeout(600)
    assert find_violations(page) == []
    page.goto(f"/journeys/{house.seed.journey_id}/rehearsals/{house.seed.rehearsal_id}")
    settle(page)
    page.get_by_role("button", name="Table").click()
    page.get_by_role("table", name="Day by day").wait_for()
    assert find_violations(page) == []
