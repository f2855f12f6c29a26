"""The rehearsal page: what is assumed, how far it is, and what would happen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def test_a_journey_is_rehearsed_and_nothing_is_sent(page: Page, house: House) -> None:
    people = len(house.seed.links)
    sent = house.api.get("/messages", journey_id=house.seed.journey_id)["total"]
    page.goto(f"/journeys/{house.seed.journey_id}/show")
    page.get_by_role("link", name="Rehearse").click()
    table = page.get_by_role("table", name="What is assumed of the readers")
    everybody = table.get_by_label("Click at “The offer”, % of delivered")
    expect(everybody).to_have_attribute("placeholder", re.compile(r"\d"))
    expect(page.get_by_label("Sources")).to_contain_text("Email Marketing Benchmarks")
    everybody.fill("120")
    expect(page.get_by_role("button", name="Start the rehearsal")).to_be_disabled()
    for rate in ("Hard bounce", "Soft bounce", "Block bounce"):
        table.get_by_label(f"{rate} at “The offer”, % of sent").fill("0")
    everybody.fill("100")
    table.get_by_label("Clicks after at “The offer”, hours").fill("1")
    page.get_by_label("Days").fill("10")
    page.get_by_role("button", name="Start the rehearsal").click()
    expect(page.locator(".status-done")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("alert").first).to_contain_text(f"Nothing was sent. {people} people")
    assert house.api.get("/messages", journey_id=house.seed.journey_id)["total"] == sent
    expect(page.locator('[data-kpi="Would be sent"] [data-value]')).to_have_attribute("data-value", str(people))
    expect(page.locator('.react-flow__node[data-id="1"] [data-number="processed"] [data-value]')).to_have_attribute(
        "data-value", str(people)
    )
    ends = page.get_by_role("table", name="Where people are in the end")
    expect(ends.get_by_role("row").filter(has_text="Call")).to_contain_text("Finished")
    expect(page.get_by_role("table", name="What is assumed of the readers")).to_contain_text("as given")
    page.get_by_role("link", name="Rehearse again").click()
    expect(everybody).to_have_value("100")
    expect(table.get_by_label("Clicks after at “The offer”, hours")).to_have_value("1")
    expect(page.get_by_label("Days")).to_have_value("10")


def test_the_flow_of_a_tile_is_told_day_by_day(page: Page, house: House) -> None:
    page.goto(f"/journeys/{house.seed.journey_id}/rehearsals/{house.seed.rehearsal_id}")
    expect(page.get_by_role("img", name="Line chart of every tile")).to_be_visible()
    page.get_by_role("button", name="Table").click()
    days = page.get_by_role("table", name="Day by day: every tile")
    expect(days.get_by_role("row")).to_have_count(12)  # ten days touch eleven dates
    expect(days.get_by_role("row").nth(1)).to_contain_text(str(len(house.seed.links)))
    page.get_by_role("button", name="Email: The offer").click()
    mail = page.get_by_role("table", name="Day by day: “The offer”")
    for column in ("Arrived", "Would be sent", "Opened", "Clicked"):
        expect(mail.get_by_role("columnheader", name=column)).to_be_visible()
    page.get_by_role("combobox", name="Tile").click()
    page.get_by_role("option", name="All tiles: arrivals").click()
    expect(days).to_be_visible()


def test_what_keeps_a_journey_from_being_rehearsed_is_said_with_the_way_to_mend_it(page: Page, house: House) -> None:
    tiles = [{"id": 1, "kind": "audience", "name": "Nobody", "merge": "union", "sources": [], "next": None}]
    made = house.api.post("/journeys", {"name": "Unfinished", "definition": {"tiles": tiles}})
    page.goto(f"/journeys/{made['id']}/rehearsals")
    expect(page.get_by_text("there are no readers to assume anything of")).to_be_visible()
    expect(page.get_by_text("None yet. Start one above")).to_be_visible()
    page.get_by_role("button", name="Start the rehearsal").click()
    expect(page.get_by_text("The audience is empty.")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Mend the journey").click()
    expect(page.get_by_role("heading", name="Unfinished")).to_be_visible()


def test_a_rehearsal_is_deleted_from_its_page(page: Page, house: House) -> None:
    path = f"/journeys/{house.seed.journey_id}/rehearsals"
    made = house.api.post(path, {"days": 1, "people": 1})
    page.goto(f"{path}/{made['id']}")
    expect(page.locator(".status-done")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Rehearsals", exact=True)).to_be_visible()
    expect(page.get_by_text("The rehearsal is deleted.")).to_be_visible()
    assert made["id"] not in [row["id"] for row in house.api.get(path)["items"]]
