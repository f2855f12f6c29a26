"""An administrator sets how often people get mail, reads what that means, and others may look."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, Watch
from tests.browser.test_accessibility import find_violations
from tests.support.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]


def test_a_cap_is_set_says_what_it_means_and_is_taken_away(page: Page, house: House) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sending limits").click()
    effect = page.get_by_role("status").filter(has_text="Transactional mails are neither limited nor counted.")
    expect(effect).to_contain_text("People get every commercial mail")
    assert find_violations(page) == []
    page.get_by_label("In 30 days").fill("900")
    expect(effect).to_contain_text("Nobody gets more than 900 commercial mails in 30 days.")
    page.get_by_role("button", name="Save limits").click()
    expect(page.get_by_text("The limits are saved.")).to_be_visible()
    assert house.api.get("/sending-limits")["installation"]["per_month"] == 900
    page.reload()
    expect(page.get_by_label("In 30 days")).to_have_value("900")
    page.get_by_label("In 30 days").fill("")
    expect(effect).to_contain_text("People get every commercial mail")
    page.get_by_role("button", name="Save limits").click()
    expect(page.get_by_text("The limits are saved.")).to_be_visible()
    wait_for(
        lambda: house.api.get("/sending-limits")["installation"]["per_month"] is None, seconds=10, what="it is gone"
    )


def test_hours_without_an_end_are_refused_in_a_sentence(page: Page, house: House, watch: Watch) -> None:
    page.goto("/sending-limits")
    page.get_by_label("From", exact=True).fill("21:00")
    page.get_by_role("button", name="Save limits").click()
    expect(page.get_by_text("Quiet hours have a beginning and an end; give both or neither.")).to_be_visible()
    assert house.api.get("/sending-limits")["installation"]["quiet_from"] is None
    watch.faults.clear()  # the browser itself notes a 422 on the console


def test_a_business_unit_gets_limits_of_its_own_and_gives_them_up(page: Page, house: House) -> None:
    page.goto("/sending-limits")
    page.get_by_label("Limits of").click()
    page.get_by_role("option").nth(1).click()
    expect(page.get_by_text("The installation's limits hold here.")).to_be_visible()
    page.get_by_label("In 7 days").fill("800")
    page.get_by_role("button", name="Save limits").click()
    expect(page.get_by_role("button", name="Use the installation's limits")).to_be_visible()
    assert [each["per_week"] for each in house.api.get("/sending-limits")["business_units"]] == [800]
    page.get_by_role("button", name="Use the installation's limits").click()
    expect(page.get_by_text("The installation's limits hold here.")).to_be_visible()
    assert house.api.get("/sending-limits")["business_units"] == []
