"""A rendered message leaves signed and with its return path, or not at all, and the reason is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import dkim
import pytest
from pytest_django import Settings

from senet.content.values import CompiledEmail, Link, RenderedMessage
from senet.delivery.domains import actions
from senet.delivery.domains.keys import write_dkim_record
from senet.delivery.finishing import Finisher
from senet.delivery.link_blocks import block_host
from senet.delivery.models import BlockedHost, SendingDomain
from senet.delivery.returns.paths import find_message_of_path
from senet.delivery.values import Outgoing
from senet.messages.states import Event
from senet.messages.values import ClaimedMessage, Result
from tests.support.accounts import main_unit, make_unit, make_user, sign_in
from tests.support.messages import NOW, make_version

pytestmark = pytest.mark.django_db

CONTENT = (
    b"From: Shop <news@mail.shop.example>\r\nTo: ada@example.com\r\nSubject: Spring\r\n"
    b"Date: Sun, 01 Mar 2026 09:00:00 +0000\r\n\r\nHello\r\n"
)
COMPILED = CompiledEmail(
    subject="Spring", from_name="Shop", from_address="news@mail.shop.example", to_address="", reply_to="",
    html='<a href="https://www.fine.example/x">x</a> <a data-senet-tracking="false" href="https://plain.example/">y</a>',
    text="", language="en", legal_designation="commercial", links=(Link(1, "https://www.fine.example/x"),),
)  # fmt: skip


@pytest.fixture
def finish() -> Callable[..., Outgoing | Result]:
    """Finish one message of a published version."""
    version = make_version()
    message = ClaimedMessage(7, 1, 1, 1, version, None, "ada@example.com", "example.com", 0, NOW, True)

    def run(compiled: CompiledEmail = COMPILED, **changes: object) -> Outgoing | Result:
        made = RenderedMessage(CONTENT, "news@mail.shop.example", "ada@example.com")
        finisher = Finisher()
        finisher.refresh(NOW)
        return finisher.finish(message, replace(made, **changes), compiled, NOW)  # type: ignore[arg-type]  # its fields

    return run


def _make_domain(**columns: object) -> SendingDomain:
    values = {"bounce_domain": "", "business_unit_id": None, "with_ed25519": True, "signs": True, **columns}
    return SendingDomain.objects.get(pk=actions.create_domain("shop.example", **values, now=NOW))  # type: ignore[arg-type]  # of any type


def test_without_anything_set_up_a_message_leaves_as_it_was_rendered(finish: Callable[..., Outgoing | Result]) -> None:
    outgoing = finish()
    assert isinstance(outgoing, Outgoing)
    assert (outgoing.from_address, outgoing.to_address) == ("news@mail.shop.example", "ada@example.com")
    assert (outgoing.content, outgoing.from_domain) == (CONTENT, "mail.shop.example")


def test_a_message_of_a_sending_domain_or_below_it_is_signed_with_both_keys(
    finish: Callable[..., Outgoing | Result],
) -> None:
    row = _make_domain()
    outgoing = finish()
    assert isinstance(outgoing, Outgoing)
    records = {row.selector: row.rsa_key, row.ed25519_selector: row.ed25519_key}

    def find(name: bytes, timeout: int = 5) -> bytes:
        return write_dkim_record(records[name.decode().partition(".")[0]] or b"").encode()

    for number in range(2):
        assert dkim.DKIM(outgoing.content).verify(idx=number, dnsfunc=find)
    assert not any(line.startswith(b".") for line in outgoing.content.split(b"\r\n"))


def test_a_domain_whose_relay_signs_is_left_alone(finish: Callable[..., Outgoing | Result]) -> None:
    _make_domain(signs=False)
    outgoing = finish()
    assert isinstance(outgoing, Outgoing)
    assert outgoing.content == CONTENT


def test_the_return_path_is_the_domains_own_or_the_installations(
    finish: Callable[..., Outgoing | Result], settings: Settings
) -> None:
    settings.BOUNCE_DOMAIN = "bounces.host.example"
    outgoing = finish()
    assert isinstance(outgoing, Outgoing)
    assert outgoing.from_address.endswith("@bounces.host.example")
    assert find_message_of_path(outgoing.from_address) == 7
    _make_domain(bounce_domain="bounces.shop.example")
    outgoing = finish()
    assert isinstance(outgoing, Outgoing)
    assert outgoing.from_address.endswith("@bounces.shop.example")


def test_where_only_sending_domains_may_send_others_are_blocked(
    finish: Callable[..., Outgoing | Result], settings: Settings
) -> None:
    settings.REQUIRE_SENDING_DOMAIN = True
    result = finish()
    assert isinstance(result, Result)
    assert (result.event, result.reason) == (Event.BLOCK, "DomainNotOwnedByAnyone")
    _make_domain()
    assert isinstance(finish(), Outgoing)
    result = finish(from_address="news@notshop.example")
    assert isinstance(result, Result), "a name that ends alike is another domain"


def test_a_domain_of_another_unit_blocks(finish: Callable[..., Outgoing | Result]) -> None:
    _make_domain(business_unit_id=make_unit().pk)
    result = finish()
    assert isinstance(result, Result)
    assert (result.event, result.reason) == (Event.BLOCK, "DomainOwnedByDifferentOrganization")
    SendingDomain.objects.update(business_unit=main_unit())
    assert isinstance(finish(), Outgoing)


def test_while_keys_cannot_be_opened_mails_wait_and_leave_not_unsigned(
    finish: Callable[..., Outgoing | Result],
) -> None:
    _make_domain()
    SendingDomain.objects.update(rsa_key=b"x" * 60)
    result = finish()
    assert isinstance(result, Result)
    assert result.event is Event.RELEASE
    assert result.due_at is not None
    assert result.due_at > NOW


@pytest.mark.parametrize("host", ["fine.example", "www.fine.example", "plain.example"])
def test_a_mail_that_leads_to_a_blocked_host_is_blocked(host: str, finish: Callable[..., Outgoing | Result]) -> None:
    block_host(host.upper(), note="Phishing", user_id=make_user().pk, now=NOW)
    result = finish()
    assert isinstance(result, Result)
    assert (result.event, result.reason) == (Event.BLOCK, "EmailContainsBlockListedLinks")
    assert host in (result.detail or "")


@pytest.mark.parametrize(
    ("url", "blocked"),
    [
        ("https://evil.example/x", True),
        ("https://user@EVIL.example.:8443/x", True),
        ("https://sub.evil.example", True),
        ("https://notevil.example/?u=evil.example", False),
        ("https://[broken", False),
    ],
)
def test_links_that_one_message_has_are_looked_at_too(
    url: str, *, blocked: bool, finish: Callable[..., Outgoing | Result]
) -> None:
    block_host("evil.example", note="", user_id=make_user().pk, now=NOW)
    assert isinstance(finish(dynamic_links=((1, url),)), Result) is blocked


def test_an_administrator_blocks_and_unblocks_hosts() -> None:
    from senet.accounts.values import Role

    client = sign_in()
    made = client.post("/blocked-hosts", {"host": "Evil.example", "note": "Phishing"})
    assert made.status_code == 201
    assert made.json()["host"] == "evil.example"
    assert client.post("/blocked-hosts", {"host": "evil.example"}).status_code == 409
    assert client.post("/blocked-hosts", {"host": "http://evil.example"}).status_code == 422
    assert [item["host"] for item in client.get("/blocked-hosts", {"search": "EVIL"}).json()["items"]] == [
        "evil.example"
    ]
    viewer = sign_in(Role.VIEWER)
    assert viewer.get("/blocked-hosts").status_code == 200
    assert viewer.post("/blocked-hosts", {"host": "x.example"}).status_code == 403
    assert viewer.delete(f"/blocked-hosts/{made.json()['id']}").status_code == 403
    assert client.delete(f"/blocked-hosts/{made.json()['id']}").status_code == 204
    assert client.delete(f"/blocked-hosts/{made.json()['id']}").status_code == 404
    assert not BlockedHost.objects.exists()
