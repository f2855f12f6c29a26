"""Routes: the mails that came back, what each was taken for, and those that nobody could read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from senet.accounts.access import SEES_EVERYTHING
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.delivery.models import ReturnedMail
from senet.delivery.returns.values import Kind
from senet.shared.errors import NotAllowed, NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["returned mails"])


class ReturnedMailQuery(PageQuery):
    """Search looks in the reasons."""

    kind: Kind | None = None
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
    is_kept: bool = Field(description="Whether it can be read here, because no program could.")


class ReturnedMailDetail(ReturnedMailOut):
    """With the mail's beginning, as text; never to be shown as anything but plain text."""

    text: str


RETURNED = Listing(
    sorts={"received_at": Sort("received_at")},
    filters={"kind": "kind", "message_id": "message_id", "counted": "counted"},
    search=lambda text: Q(reason__icontains=text),
)


def _check_role(request: HttpRequest) -> None:
    if principal(request).role not in SEES_EVERYTHING:
        raise NotAllowed("Only administrators and marketing managers see returned mails. Ask one of them.")


def _rows() -> Any:  # an annotated queryset
    return ReturnedMail.objects.annotate(is_kept=Q(raw__isnull=False)).defer("raw")


@router.get("/returned-mails", response=PageOf[ReturnedMailOut], operation_id="returned_mails_list")
def list_returned(request: HttpRequest, query: Query[ReturnedMailQuery]) -> Page[ReturnedMail]:
    """List the mails that came back, the latest first."""
    _check_role(request)
    return RETURNED.page(_rows(), query)


@router.get("/returned-mails/{int:mail_id}", response=ReturnedMailDetail, operation_id="returned_mails_get")
def get_returned(request: HttpRequest, mail_id: int) -> dict[str, Any]:
    """Return a mail, with its text where no program could read it."""
    require(request, Permission.ADMINISTER)
    found = _rows().annotate(kept=F("raw")).filter(pk=mail_id).values().first()
    if found is None:
        raise NotFound("There is no such mail.")
    raw = found.pop("kept")
    return {**found, "text": bytes(raw).decode("utf-8", "replace").replace("\0", "") if raw is not None else ""}


@router.delete("/returned-mails/{int:mail_id}", response={204: None}, operation_id="returned_mails_delete")
def delete_returned(request: HttpRequest, mail_id: int) -> Status[None]:
    """Remove a mail that somebody has looked at."""
    require(request, Permission.ADMINISTER)
    if not ReturnedMail.objects.filter(pk=mail_id, raw__isnull=False).delete()[0]:
        raise NotFound("There is no such mail, or it needs nobody to look at it.")
    return Status(204, None)
