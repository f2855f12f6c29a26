"""Routes: the mails that came back, what each was taken for, and those that nobody could read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from senet.accounts.access import SEES_EVERYTHING
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.delivery.bounces import BounceClass, BounceRule, Category
from senet.delivery.models import ReturnedMail
from senet.delivery.returns.values import Kind, ReturnRule
from senet.messages.queries import Recipient, find_recipients
from senet.shared.errors import NotAllowed, NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["returned mails"])


class ReturnedMailQuery(PageQuery):
    """Search looks in the reasons."""

    kind: Kind | None = None
    category: Category | None = None
    message_id: int | None = None
    counted: bool | None = None


class ReturnedMailOut(Schema):
    """A mail that came back. Its reason is a stranger's text."""

    id: int
    received_at: datetime
    source: str
    kind: Kind
    message_id: int | None
    counted: bool = Field(description="Whether it changed what is known of the message.")
    reason: str
    rule: ReturnRule | None = Field(description="What told its kind; nothing: it came before this was noted.")
    bounce_class: BounceClass | None
    category: Category | None
    category_rule: BounceRule | None = Field(description="What told the category of the bounce.")
    smtp_enhanced: str = Field(description="The enhanced status code (RFC 3463) that the server gave.")
    contact_id: int | None
    email_id: int | None
    journey_id: int | None
    address: str = Field(description="To which the message went; empty when that is not known.")
    is_kept: bool = Field(description="Whether it can be read here, because no program could.")


class ReturnedMailDetail(ReturnedMailOut):
    """With the mail's beginning, as text; never to be shown as anything but plain text."""

    text: str


RETURNED = Listing(
    sorts={"received_at": Sort("received_at")},
    filters={"kind": "kind", "category": "category", "message_id": "message_id", "counted": "counted"},
    search=lambda text: Q(reason__icontains=text),
)


def _check_role(request: HttpRequest) -> None:
    if principal(request).role not in SEES_EVERYTHING:
        raise NotAllowed("Only administrators and marketing managers see returned mails. Ask one of them.")


def _rows() -> QuerySet[ReturnedMail, Any]:
    return ReturnedMail.objects.annotate(is_kept=Q(raw__isnull=False)).defer("raw")


_NAMES = ("id", "received_at", "source", "kind", "message_id", "counted", "reason", "smtp_enhanced", "is_kept")
_KNOWN = ("rule", "bounce_class", "category", "category_rule")  # "" where it was not noted


def _show(row: ReturnedMail, recipient: Recipient | None) -> dict[str, Any]:  # a schema's values
    return {
        **{name: getattr(row, name) for name in _NAMES},
        **{name: getattr(row, name) or None for name in _KNOWN},
        "contact_id": recipient.contact_id if recipient else None,
        "email_id": recipient.email_id if recipient else None,
        "journey_id": recipient.journey_id if recipient else None,
        "address": recipient.address if recipient else "",
    }


@router.get("/returned-mails", response=PageOf[ReturnedMailOut], operation_id="returned_mails_list")
def list_returned(request: HttpRequest, query: Query[ReturnedMailQuery]) -> Page[dict[str, Any]]:
    """List the mails that came back, the latest first."""
    _check_role(request)
    page = RETURNED.page(_rows(), query)
    recipients = find_recipients([row.message_id for row in page.items if row.message_id is not None])
    shown = [_show(row, recipients.get(row.message_id or 0)) for row in page.items]
    return Page(shown, page.next_cursor, page.total)


@router.get("/returned-mails/{int:mail_id}", response=ReturnedMailDetail, operation_id="returned_mails_get")
def get_returned(request: HttpRequest, mail_id: int) -> dict[str, Any]:
    """Return a mail, with its text where no program could read it."""
    require(request, Permission.ADMINISTER)
    found = ReturnedMail.objects.annotate(is_kept=Q(raw__isnull=False)).filter(pk=mail_id).first()
    if found is None:
        raise NotFound("There is no such mail.")
    recipient = find_recipients([found.message_id]).get(found.message_id) if found.message_id else None
    text = bytes(found.raw).decode("utf-8", "replace").replace("\0", "") if found.raw is not None else ""
    return {**_show(found, recipient), "text": text}


@router.delete("/returned-mails/{int:mail_id}", response={204: None}, operation_id="returned_mails_delete")
def delete_returned(request: HttpRequest, mail_id: int) -> Status[None]:
    """Remove a mail that somebody has looked at."""
    require(request, Permission.ADMINISTER)
    if not ReturnedMail.objects.filter(pk=mail_id, raw__isnull=False).delete()[0]:
        raise NotFound("There is no such mail, or it needs nobody to look at it.")
    return Status(204, None)
