"""What an operator does about delivery: domains, providers, suppressed addresses, returned mails, blocked links."""

from __future__ import annotations

import re
import smtplib
import uuid

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, Watch, sign_in
from tests.browser.test_accessibility import find_violations
from tests.support.processes import wait_for
from tests.support.returns import make_dsn

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]

HOSTILE = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"


def new_address() -> str:
    """Return an address that no other test has."""
    return f"d{uuid.uuid4().hex[:10]}@example.org"


def send_mail_to(house: House, address: str) -> str:
    """Send the seed's email to a new person and return the header fields of the mail that arrived."""
    contact = house.api.post("/contacts", {"email": address, "first_name": "Dee"})
    house.api.post(f"/emails/{house.seed.email_id}/quick-send", {"contact_ids": [contact["id"]]})
    base = f"http://127.0.0.1:{house.installation.mailbox_port}/api/messages"

    def find() -> str:
        rows = httpx.get(base, params={"limit": 500}, trust_env=False).json()["items"]
        found = [row["id"] for row in rows if row["recipients"] == [address]]
        return httpx.get(f"{base}/{found[0]}/raw", trust_env=False).text if found else ""

    raw = wait_for(find, seconds=60, what="the mail has arrived")
    return raw.replace("\r\n", "\n").partition("\n\n")[0]


def return_mail(house: House, raw: bytes, envelope_to: str = "fbl@bounces.example.org") -> None:
    """Hand a mail to the listener of returned mails, as a mail server does."""
    with smtplib.SMTP("127.0.0.1", house.bounce_port, timeout=20) as client:
        client.sendmail("", [envelope_to], raw)


def test_an_address_is_suppressed_by_hand_and_released_with_a_trail(page: Page, house: House) -> None:
    address = new_address()
    page.goto("/suppressions")
    page.get_by_role("button", name="Suppress an address").click()
    dialog = page.get_by_role("dialog", name="Suppress an address")
    dialog.get_by_label("Address").fill(address.upper())
    dialog.get_by_label("Why").fill(HOSTILE)
    dialog.get_by_role("button", name="Suppress").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("searchbox", name="Search by address or domain").fill(address[:8])
    page.get_by_role("combobox", name="Reason").click()
    page.get_by_role("option", name="Added by hand").click()
    row = page.get_by_role("row").filter(has_text=address)
    expect(row).to_contain_text("For ever")
    row.get_by_role("link", name=address).press("Enter")
    expect(page.get_by_role("heading", name=address)).to_be_visible()
    expect(page.get_by_role("table", name="Trail")).to_contain_text(HOSTILE)
    assert page.evaluate("window.hit") is None
    assert find_violations(page) == []
    (made,) = house.api.get("/suppressions", search=address)["items"]
    assert (made["cause"], made["reason"], made["released_at"]) == ("manual", HOSTILE, None)

    page.get_by_role("button", name="Release").click()
    dialog = page.get_by_role("dialog", name=f"Write to {address} again?")
    expect(dialog.get_by_role("button", name="Release")).to_be_disabled()
    dialog.get_by_label("Why").fill("They asked us to")
    dialog.get_by_role("button", name="Release").click()
    expect(page.locator(".status-released")).to_be_visible()
    expect(page.get_by_role("table", name="Trail")).to_contain_text("They asked us to")
    detail = house.api.get(f"/suppressions/{made['id']}")
    assert [line["change"] for line in detail["changes"]] == ["suppressed", "released"]


def test_a_bounce_is_listed_with_the_rules_that_told_it_and_suppresses_its_address(page: Page, house: House) -> None:
    address = new_address()
    original = send_mail_to(house, address)
    words = f"smtp; 550 5.1.1 {HOSTILE} User unknown"
    return_mail(house, make_dsn(diagnostic=words, original=original))
    wait_for(
        lambda: house.api.get("/suppressions", search=address)["items"], seconds=30, what="the address is suppressed"
    )
    page.goto("/returned-mails")
    page.get_by_role("combobox", name="Category").click()
    page.get_by_role("option", name="Invalid mailbox").click()
    row = page.get_by_role("row").filter(has_text=address)
    expect(row).to_contain_text("Hard bounce")
    expect(row).to_contain_text(HOSTILE)
    row.get_by_role("button", name=re.compile("^Details of")).press("Enter")
    dialog = page.get_by_role("dialog", name="Bounce")
    expect(dialog).to_contain_text("A delivery status notification in its standard form (RFC 3464).")
    expect(dialog).to_contain_text("Invalid mailbox, by the enhanced status code 5.1.1")
    expect(dialog).to_contain_text("It changed what is known of the message.")
    expect(dialog).to_contain_text(HOSTILE)
    page.wait_for_timeout(400)  # until the dialog has come in
    assert find_violations(page) == []
    assert page.evaluate("window.hit") is None
    assert page.locator('img[src="x"]').count() == 0
    dialog.get_by_role("button", name="Close").click()
    page.goto("/suppressions")
    page.get_by_role("searchbox", name="Search by address or domain").fill(address)
    page.get_by_role("row").filter(has_text=address).click()
    expect(page.get_by_role("table", name="Trail")).to_contain_text("Hard bounce")
    expect(page.locator(".status-suppressed")).to_be_visible()


def test_the_deliverability_page_counts_what_left_and_what_came_back(page: Page, house: House) -> None:
    address = new_address()
    original = send_mail_to(house, address)
    before = house.api.get("/insights/deliverability")["total"]["hard_bounces"]
    return_mail(house, make_dsn(original=original))
    wait_for(
        lambda: house.api.get("/insights/deliverability")["total"]["hard_bounces"] > before,
        seconds=60,
        what="the bounce is counted",
    )
    page.goto("/")
    page.get_by_role("link", name="Deliverability").click()
    expect(page.get_by_role("heading", name="Deliverability")).to_be_visible()
    expect(page.get_by_text("There are too few mails yet to judge hard bounces by.")).to_be_visible()
    table = page.get_by_role("table", name="Results by the domain of recipients")
    expect(table.get_by_role("row").filter(has_text="example.org")).to_be_visible()
    expect(page.locator("[data-kpi='Hard bounces']")).to_have_text(re.compile(r"Hard bounces\s*[1-9]"))
    assert find_violations(page) == []


def test_what_nobody_could_read_is_shown_as_text_and_removed(page: Page, house: House, watch: Watch) -> None:
    mark = uuid.uuid4().hex
    raw = f"From: x@example.org\r\nSubject: {mark}\r\nContent-Type: text/html\r\n\r\n{HOSTILE}{mark}\r\n"
    return_mail(house, raw.encode())
    wait_for(
        lambda: house.api.get("/returned-mails", kind="unreadable")["items"], seconds=30, what="the mail is kept aside"
    )
    page.goto("/returned-mails")
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Not understood").click()
    page.get_by_role("row").nth(1).click()
    dialog = page.get_by_role("dialog", name="Not understood")
    expect(dialog.get_by_label("Text of the mail")).to_contain_text(f"{HOSTILE}{mark}")
    assert page.evaluate("window.hit") is None
    assert page.locator('img[src="x"]').count() == 0
    dialog.get_by_role("button", name="I have read it: remove").click()
    expect(dialog).to_be_hidden()
    assert house.api.get("/returned-mails", kind="unreadable")["items"] == []
    assert watch.faults == []


def test_a_host_is_blocked_and_allowed_again(page: Page, house: House, watch: Watch) -> None:
    host = f"h{uuid.uuid4().hex[:8]}.example"
    page.goto("/blocked-hosts")
    page.get_by_role("button", name="Block a host").click()
    dialog = page.get_by_role("dialog", name="Block a host")
    dialog.get_by_label("Host").fill("not a host")
    dialog.get_by_role("button", name="Block").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    watch.faults.clear()  # the browser itself notes a 422 on the console
    dialog.get_by_label("Host").fill(host)
    dialog.get_by_label("Why").fill("It was taken over")
    dialog.get_by_role("button", name="Block").click()
    expect(dialog).to_be_hidden()
    row = page.get_by_role("row").filter(has_text=host)
    expect(row).to_contain_text("It was taken over")
    assert [each["host"] for each in house.api.get("/blocked-hosts", search=host)["items"]] == [host]
    row.get_by_role("button", name=f"Allow {host}").click()
    page.get_by_role("dialog").get_by_role("button", name="Allow").click()
    expect(row).to_have_count(0)
    wait_for(lambda: not house.api.get("/blocked-hosts", search=host)["items"], seconds=20, what="the host is allowed")


def test_a_marketer_sees_of_delivery_what_a_marketer_may(visitor: Page, house: House) -> None:
    unit = house.api.get("/auth/me")["business_unit_id"]
    email, password = f"marketer-{uuid.uuid4().hex[:8]}@example.org", uuid.uuid4().hex
    house.api.post(
        "/users",
        {"email": email, "name": "Mia", "role": "marketer", "business_unit_id": unit, "password": password},
    )
    sign_in(visitor, email, password)
    navigation = visitor.get_by_role("navigation", name="Main")
    navigation.get_by_role("link", name="Blocked links").click()
    expect(visitor.get_by_role("heading", name="Blocked links", exact=True)).to_be_visible()
    expect(visitor.get_by_role("button", name="Block a host")).to_be_hidden()
    visitor.goto("/sending-domains")
    expect(visitor.get_by_role("heading", name="Sending domains", exact=True)).to_be_visible()
    expect(visitor.get_by_role("link", name="New domain")).to_be_hidden()
    for hidden in ("Providers", "Suppressed addresses", "Returned mails", "Users"):
        expect(navigation.get_by_role("link", name=hidden)).to_be_hidden()


def test_a_sending_domain_is_added_published_verified_and_gets_new_keys(page: Page, house: House) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    name = f"s{uuid.uuid4().hex[:8]}.example"
    page.goto("/sending-domains/create")
    page.get_by_role("textbox", name="Domain", exact=True).fill(name)
    page.get_by_label("Make a second, shorter key (Ed25519)").check()
    page.get_by_role("button", name="Add the domain").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator(".status-not_verified")).to_be_visible()
    (made,) = [each for each in house.api.get("/sending-domains")["items"] if each["domain"] == name]
    records = {each["purpose"]: each for each in house.api.get(f"/sending-domains/{made['id']}")["records"]}
    dkim = page.get_by_role("listitem", name="DKIM", exact=True)
    expect(dkim).to_contain_text(records["dkim"]["name"])
    dkim.get_by_role("button", name="Copy the value of the DKIM record").click()
    expect(dkim.get_by_role("button", name="Copied the value of the DKIM record")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == records["dkim"]["value"]
    expect(page.get_by_role("region", name="The way its mails take")).to_contain_text("smtp://127.0.0.1:")

    assert find_violations(page) == []
    house.texts[records["dkim"]["name"]] = [records["dkim"]["value"]]
    house.texts[records["dkim_ed25519"]["name"]] = ["v=DKIM1; k=ed25519; p=another"]
    page.get_by_role("button", name="Verify now").click()
    expect(dkim).to_contain_text("Is there")
    expect(page.get_by_role("listitem", name="DKIM, second key")).to_contain_text("Says something else")
    expect(page.get_by_role("listitem", name="DMARC")).to_contain_text("Not found")
    expect(page.locator(".status-records_missing")).to_be_visible()
    house.texts[records["dkim_ed25519"]["name"]] = [records["dkim_ed25519"]["value"]]
    page.get_by_role("button", name="Verify now").click()
    expect(page.locator(".status-verified")).to_be_visible()
    assert house.api.get(f"/sending-domains/{made['id']}")["is_confirmed"]

    page.get_by_role("button", name="New keys").click()
    page.get_by_role("dialog").get_by_role("button", name="Make new keys").click()
    expect(page.locator(".status-not_verified")).to_be_visible()
    assert house.api.get(f"/sending-domains/{made['id']}")["selector"] != made["selector"]

    page.get_by_label("Domain of the return paths").fill(f"bounces.{name}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem", name="Return paths: SPF")).to_be_visible()
    assert house.api.get(f"/sending-domains/{made['id']}")["bounce_domain"] == f"bounces.{name}"
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="Sending domains", exact=True).wait_for()
    assert name not in {each["domain"] for each in house.api.get("/sending-domains")["items"]}


def test_providers_are_shown_with_their_rates_their_warm_up_and_how_they_do(page: Page) -> None:
    page.goto("/providers")
    first = page.get_by_role("region", name="1. smtp://127.0.0.1:")
    expect(first).to_contain_text("news.example")
    expect(first).to_contain_text("50 mails a second")
    expect(first).to_contain_text(re.compile(r"Of today’s 500, \d+ are used\."))
    expect(first.get_by_role("img", name=re.compile("^Warm-up of smtp"))).to_be_visible()
    expect(first.locator(".status-working")).to_be_visible()
    expect(page.get_by_role("region", name="2. smtp://127.0.0.1:")).to_contain_text("All")
