"""Route: do the links of an email lead anywhere?"""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Router, Schema

from senet.accounts.access import check_object
from senet.accounts.http import require
from senet.accounts.values import Permission
from senet.content.actions import get_email
from senet.integrations.link_check import CheckedLink, check_email_links

router = Router(tags=["emails"])


class CheckedLinkOut(Schema):
    """One link and what its server said."""

    number: int
    label: str
    url: str
    ok: bool | None = Field(description="None: nobody was asked, because Liquid or the door writes the address.")
    status: int | None
    detail: str


@router.post("/emails/{int:email_id}/check-links", response=list[CheckedLinkOut], operation_id="emails_check_links")
def check_links(request: HttpRequest, email_id: int) -> list[CheckedLink]:
    """Ask every address that the email links to, once; private networks are not asked."""
    who = require(request, Permission.EDIT)
    check_object(get_email(email_id).business_unit_id, who, Permission.EDIT)
    return check_email_links(email_id)


check_links.commits_by_itself = True  # type: ignore[attr-defined]  # it writes nothing, and waits for other servers
