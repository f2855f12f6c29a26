"""/sending-domains: keys are made and never given out; what to publish is shown, and whether it is there."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from senet.accounts.values import Role
from senet.content.check import check_sender
from senet.content.values import EmailSource
from senet.delivery.domains import actions
from senet.delivery.domains.records import find_signing_names, list_records
from senet.delivery.models import SendingDomain
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.content import make_email
from tests.support.dns import MemoryResolver, name_server
from tests.support.messages import NOW

pytestmark = pytest.mark.django_db


def _make(domain: str = "shop.example", **columns: object) -> SendingDomain:
    values = {"bounce_domain": "", "business_unit_id": None, "with_ed25519": False, "signs": True, **columns}
    return SendingDomain.objects.get(pk=actions.create_domain(domain, **values, now=NOW))  # type: ignore[arg-type]  # of any type


def test_a_domain_is_made_with_keys_whose_public_halves_are_shown() -> None:
    made = sign_in().post("/sending-domains", {"domain": "Shop.Example.", "with_ed25519": True})
    assert made.status_code == 201, made.content
    found = made.json()
    assert (found["domain"], found["is_confirmed"], found["trouble"]) == ("shop.example", False, "")
    records = {record["purpose"]: record for record in found["records"]}
    assert records["dkim"]["name"] == f"{found['selector']}._domainkey.shop.example"
    assert records["dkim"]["value"].startswith("v=DKIM1; k=rsa; p=")
    assert records["dkim_ed25519"]["value"].startswith("v=DKIM1; k=ed25519; p=")
    assert {record["finding"] for record in records.values()} == {"unknown"}
    row = SendingDomain.objects.get()
    for text in (made.content, sign_in().get("/sending-domains").content):
        assert b"rsa_key" not in text
        assert bytes(row.rsa_key).hex().encode() not in text


def test_a_domain_is_there_once_and_has_to_be_one() -> None:
    client = sign_in()
    assert client.post("/sending-domains", {"domain": "shop.example"}).status_code == 201
    assert client.post("/sending-domains", {"domain": "SHOP.example"}).status_code == 409
    for text in (
        "shop",
        "-shop.example",
        "shop..example",
        "shop.example/x",
        "a b.example",
        "127.0.0.1",
        "x" * 64 + ".example",
    ):
        assert client.post("/sending-domains", {"domain": text}).status_code == 422, text
    assert client.post("/sending-domains", {"domain": "münchen.example"}).json()["domain"] == "xn--mnchen-3ya.example"


def test_the_return_paths_domain_has_to_be_below_the_domain() -> None:
    client = sign_in()
    body = {"domain": "shop.example", "bounce_domain": "bounces.other.example"}
    assert client.post("/sending-domains", body).status_code == 422
    made = client.post("/sending-domains", {**body, "bounce_domain": "bounces.shop.example"}).json()
    assert {record["purpose"] for record in made["records"]} == {"dkim", "dmarc", "bounce_mx", "bounce_spf"}


def test_the_dns_is_asked_for_each_record() -> None:
    row = _make(bounce_domain="bounces.shop.example")
    dkim = list_records(row)[0]
    split = " ".join(dkim.value[place : place + 100] for place in range(0, len(dkim.value), 100))
    there = {
        (dkim.name, "TXT"): ["something else", split],
        ("bounces.shop.example", "MX"): ["10 mx.shop.example."],
        ("bounces.shop.example", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"],
    }
    actions.check_domain(row.pk, MemoryResolver(there), NOW)
    found = sign_in().get(f"/sending-domains/{row.pk}").json()
    assert {record["purpose"]: record["finding"] for record in found["records"]} == {
        "dkim": "confirmed",
        "dmarc": "missing",
        "bounce_mx": "confirmed",
        "bounce_spf": "confirmed",
    }
    assert found["is_confirmed"], "DMARC is advice"
    actions.check_domain(row.pk, MemoryResolver({(dkim.name, "TXT"): ["v=DKIM1; p=AAAA"]}), NOW)
    found = sign_in().get(f"/sending-domains/{row.pk}").json()
    assert (found["records"][0]["finding"], found["is_confirmed"]) == ("different", False)
    actions.check_domain(row.pk, MemoryResolver({}, failing=True), NOW)
    assert {record["finding"] for record in sign_in().get(f"/sending-domains/{row.pk}").json()["records"]} == {
        "unknown"
    }


def test_new_keys_come_under_new_selectors_and_are_not_confirmed() -> None:
    row = _make(with_ed25519=True)
    client = sign_in()
    found = client.post(f"/sending-domains/{row.pk}/rotate", {}).json()
    assert found["selector"] != row.selector
    assert (found["ed25519_selector"], found["is_confirmed"]) == ("", False)
    assert bytes(SendingDomain.objects.get().rsa_key) != bytes(row.rsa_key)


def test_keys_that_another_secret_sealed_are_told_of_in_a_sentence() -> None:
    row = _make()
    SendingDomain.objects.update(rsa_key=b"x" * 100)
    found = sign_in().get(f"/sending-domains/{row.pk}").json()
    assert "SENET_SECRET_KEY" in found["trouble"]
    assert found["records"] == []


def test_a_domain_can_be_changed_given_to_a_unit_and_removed() -> None:
    row, unit, client = _make(), make_unit(), sign_in()
    changed = client.patch(f"/sending-domains/{row.pk}", {"signs": False, "business_unit_id": unit.pk}).json()
    assert (changed["signs"], changed["business_unit_id"], changed["bounce_domain"]) == (False, unit.pk, "")
    assert client.patch(f"/sending-domains/{row.pk}", {}).json()["business_unit_id"] == unit.pk
    assert client.patch(f"/sending-domains/{row.pk}", {"business_unit_id": 10**9}).status_code == 422
    assert client.patch(f"/sending-domains/{row.pk}", {"business_unit_id": None}).json()["business_unit_id"] is None
    assert client.delete(f"/sending-domains/{row.pk}").status_code == 204
    assert client.get(f"/sending-domains/{row.pk}").status_code == 404


def test_everybody_sees_domains_and_only_administrators_change_them() -> None:
    row = _make()
    assert ApiClient().get("/sending-domains").status_code == 401
    for role in (Role.MARKETING_MANAGER, Role.MARKETER, Role.VIEWER):
        client = sign_in(role)
        assert client.get("/sending-domains").status_code == 200
        assert client.get(f"/sending-domains/{row.pk}").status_code == 200
        assert client.post("/sending-domains", {"domain": "x.example"}).status_code == 403
        assert client.post(f"/sending-domains/{row.pk}/rotate", {}).status_code == 403
        assert client.patch(f"/sending-domains/{row.pk}", {"signs": False}).status_code == 403
        assert client.delete(f"/sending-domains/{row.pk}").status_code == 403
    assert sign_in(Role.VIEWER).post(f"/sending-domains/{row.pk}/check", {}).status_code == 403
    assert sign_in().get("/sending-domains/999").status_code == 404


def test_where_the_dns_is_off_nothing_is_asked_and_nothing_confirmed(settings: Settings) -> None:
    settings.DNS = "off"
    found = sign_in().post(f"/sending-domains/{_make().pk}/check", {})
    assert found.status_code == 200
    assert {record["finding"] for record in found.json()["records"]} == {"unknown"}


def test_the_go_live_check_asks_for_the_keys_that_will_sign(settings: Settings) -> None:
    row = _make(with_ed25519=True)
    rsa, ed25519 = list_records(row)[:2]
    there = {
        "news.shop.example": ["v=spf1 -all"],
        "_dmarc.shop.example": ["v=DMARC1; p=reject"],
        rsa.name: [rsa.value],
        "senet._domainkey.news.shop.example": [rsa.value],  # nobody signs by that name
    }
    source = EmailSource(subject="Hello", from_name="Shop", from_address="anna@news.shop.example")
    with name_server(there) as address:
        settings.DNS = address
        (problem,) = check_sender(source)
        assert problem.code == "dkim_missing"
        assert ed25519.name in problem.message
    with name_server({**there, ed25519.name: [rsa.value]}) as address:
        settings.DNS = address
        assert [problem.code for problem in check_sender(source)] == ["dkim_different"]
    SendingDomain.objects.update(signs=False)  # the relay does, by a name of the settings
    with name_server(there) as address:
        settings.DNS, settings.DKIM_SELECTORS = address, ("senet",)
        assert check_sender(source) == []


def test_the_nearest_domain_signs() -> None:
    above, below = _make("shop.example"), _make("news.shop.example")
    names = [[key.name for key in find_signing_names(host)] for host in ("a.NEWS.shop.example.", "shop.example", "x.y")]
    assert names == [
        [f"{below.selector}._domainkey.news.shop.example"],
        [f"{above.selector}._domainkey.shop.example"],
        [],
    ]
    SendingDomain.objects.update(rsa_key=b"x" * 100)
    assert find_signing_names("shop.example") == [], "its page says that its keys cannot be opened"


def test_going_live_from_a_domain_of_another_unit_or_of_nobody_is_an_error(settings: Settings) -> None:
    south = make_unit("South")
    _make("south.example", business_unit_id=south.pk)
    _make("shop.example")
    client = sign_in()

    def codes(from_address: str) -> set[str]:
        email = make_email(from_address=from_address)
        checked = client.post(f"/emails/{email.pk}/check", {}).json()
        found = {problem["code"] for problem in checked["problems"] if problem["severity"] == "error"}
        refused = client.post(f"/emails/{email.pk}/go-live", {}).status_code != 200
        assert refused == bool(found)
        return found

    assert codes("anna@news.south.example") == {"domain_of_others"}
    assert codes("anna@shop.example") == codes("anna@elsewhere.example") == set()
    assert codes("{{ contact.email }}") == set(), "each message is asked"
    settings.REQUIRE_SENDING_DOMAIN = True
    assert codes("anna@elsewhere.example") == {"domain_not_owned"}
    assert codes("anna@shop.example") == codes("{{ contact.email | default: 'anna@elsewhere.example' }}") == set()
