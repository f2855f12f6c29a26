"""POST /emails/{id}/test-send: an email to a few addresses, now, never counted."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from email_validator import EmailNotValidError, validate_email
from ninja import Field, Router, Schema

from senet.accounts.access import check_object
from senet.accounts.http import require
from senet.accounts.values import Permission
from senet.content.actions import get_email, render_test
from senet.content.settings_actions import get_content_settings
from senet.delivery.domains.api import router as domains_router
from senet.delivery.link_blocks_api import router as link_blocks_router
from senet.delivery.provider_api import router as provider_router
from senet.delivery.returned_api import router as returned_router
from senet.delivery.test_send import TestResult, send_test
from senet.people.queries import get_contact
from senet.shared.clock import utc_now
from senet.shared.errors import InvalidInput, Problem

router = Router(tags=["emails"])
router.add_router("", returned_router)
router.add_router("", domains_router)
router.add_router("", link_blocks_router)
router.add_router("", provider_router)

MOST_ADDRESSES = 10


class TestSendIn(Schema):
    """Where to, and as whom: without a contact, a sample person is used."""

    addresses: list[str] = Field(min_length=1, max_length=MOST_ADDRESSES)
    contact_id: int | None = None
    content_settings_id: int | None = None


class TestSendResultOut(Schema):
    """What the mail server said about one address."""

    address: str
    accepted: bool
    reason: str


class TestSendOut(Schema):
    """What became of a test send."""

    sent_at: datetime
    results: list[TestSendResultOut]


@router.post("/emails/{int:email_id}/test-send", response=TestSendOut, operation_id="emails_test_send")
def test_send(request: HttpRequest, email_id: int, body: TestSendIn) -> dict[str, object]:
    """Send an email to up to ten addresses and tell what the mail server said."""
    who = require(request, Permission.EDIT)
    check_object(get_email(email_id).business_unit_id, who, Permission.EDIT)
    if body.contact_id is not None:
        check_object(get_contact(body.contact_id).business_unit_id, who, Permission.VIEW)
    if body.content_settings_id is not None:
        settings = get_content_settings(body.content_settings_id)
        check_object(settings.business_unit_id, who, Permission.VIEW)
    addresses, now = _check_addresses(body.addresses), utc_now()
    messages = [
        (
            address,
            render_test(
                email_id,
                address=address,
                contact_id=body.contact_id,
                content_settings_id=body.content_settings_id,
                now=now,
            ),
        )
        for address in addresses
    ]
    results: list[TestResult] = send_test(messages)
    return {"sent_at": now, "results": results}


test_send.commits_by_itself = True  # type: ignore[attr-defined]  # it writes nothing, and waits for a mail server


def _check_addresses(addresses: list[str]) -> list[str]:
    problems: list[Problem] = []
    found: dict[str, str] = {}
    for number, address in enumerate(addresses):
        try:
            valid = validate_email(address.strip(), check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError as error:
            problems.append(Problem("address_invalid", str(error), f"addresses.{number}"))
        else:
            found.setdefault(valid.lower(), valid)
    if problems:
        raise InvalidInput("One of the addresses is none.", problems=problems)
    return list(found.values())
