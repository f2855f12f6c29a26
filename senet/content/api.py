"""Routes of this room: emails here, content settings in `settings_api`. Test sends belong to delivery, which sends."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.content import actions
from senet.content.ab_api import router as ab_router
from senet.content.assets.api import router as asset_router
from senet.content.block_api import router as block_router
from senet.content.check import check_in_unit, check_sender, in_order
from senet.content.compiler import make_html
from senet.content.errors import RenderError
from senet.content.event_api import router as event_router
from senet.content.events import get_event
from senet.content.language.masking import Unclosed
from senet.content.models import Email
from senet.content.preview import PREVIEW_HEADERS, make_preview
from senet.content.queries import load_links
from senet.content.sample_api import router as sample_router
from senet.content.schemas import (
    EmailChange,
    EmailCheckOut,
    EmailIn,
    EmailOut,
    EmailQuery,
    EmailRow,
    LinkOut,
    PreviewIn,
    PreviewOut,
    SpamOut,
    SpamReason,
)
from senet.content.settings_actions import get_content_settings
from senet.content.settings_api import router as settings_router
from senet.content.spam import estimate_spam
from senet.content.template_api import router as template_router
from senet.content.translation_api import router as translation_router
from senet.content.values import EmailSource, Link, Preview
from senet.people.queries import get_contact
from senet.shared.clock import utc_now
from senet.shared.csv_export import stream_csv
from senet.shared.errors import Problem, SenetError
from senet.shared.paging import Listing, Page, PageOf, Sort
from senet.shared.schemas import ProblemOut

router = Router(tags=["content"])
router.add_router("", settings_router)
router.add_router("", event_router)
router.add_router("", translation_router)
router.add_router("", template_router)
router.add_router("", block_router)
router.add_router("", asset_router)
router.add_router("", sample_router)
router.add_router("", ab_router)

EMAILS = Listing(
    sorts={
        "name": Sort("name", folded=True),
        "subject": Sort("subject", folded=True),
        "status": Sort("status"),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
    },
    filters={
        "status": "status",
        "legal_designation": "legal_designation",
        "content_type": "content_type",
        "language": "language",
    },
    search=lambda text: Q(name__icontains=text) | Q(subject__icontains=text),
    default_sort="-updated_at",
)
_EXPORTED = (
    "id",
    "name",
    "subject",
    "from_name",
    "from_address",
    "language",
    "status",
    "legal_designation",
    "content_type",
    "created_at",
    "updated_at",
)


@router.get("/emails", response=PageOf[EmailRow], operation_id="emails_list")
def list_emails(request: HttpRequest, query: Query[EmailQuery]) -> Page[Email]:
    """List emails."""
    return EMAILS.page(visible(Email.objects.all(), principal(request)), query)


@router.get("/emails/export.csv", operation_id="emails_export")
def export_emails(request: HttpRequest, query: Query[EmailQuery]) -> StreamingHttpResponse:
    """Download the list as CSV."""
    who = require(request, Permission.EXPORT)
    rows = EMAILS.order(EMAILS.narrow(visible(Email.objects.all(), who), query), query)
    return stream_csv(request, "emails.csv", _EXPORTED, rows.values_list(*_EXPORTED).iterator(chunk_size=2000))


@router.post("/emails", response={201: EmailOut}, operation_id="emails_create")
def create_email(request: HttpRequest, body: EmailIn) -> Status[Email]:
    """Make a draft."""
    who = require(request, Permission.EDIT)
    values = body.dict()
    _check_event(request, body.event_id)
    return Status(
        201,
        actions.get_email(actions.create_email(business_unit_id=who.business_unit_id, owner_id=who.user_id, **values)),
    )


@router.get("/emails/{int:email_id}", response=EmailOut, operation_id="emails_get")
def get_email(request: HttpRequest, email_id: int) -> Email:
    """Return an email."""
    return _allowed(request, email_id, Permission.VIEW)


@router.patch("/emails/{int:email_id}", response=EmailOut, operation_id="emails_update")
def change_email(request: HttpRequest, email_id: int, body: EmailChange) -> Email:
    """Change an email."""
    _allowed(request, email_id, Permission.EDIT)
    _check_event(request, body.event_id)
    actions.change_email(email_id, **body.dict(exclude_unset=True))
    return actions.get_email(email_id)


@router.delete("/emails/{int:email_id}", response={204: None}, operation_id="emails_delete")
def delete_email(request: HttpRequest, email_id: int) -> Status[None]:
    """Remove an email that was never live."""
    _allowed(request, email_id, Permission.EDIT)
    actions.delete_email(email_id)
    return Status(204, None)


@router.post("/emails/{int:email_id}/check", response=EmailCheckOut, operation_id="emails_check")
def check(request: HttpRequest, email_id: int) -> EmailCheckOut:
    """Find every problem."""
    email = _allowed(request, email_id, Permission.VIEW)
    source = actions.source_of(email)
    problems = check_in_unit(source, email.business_unit_id)
    problems = in_order([*problems, *check_sender(source)])
    ready = all(each.severity != "error" for each in problems)
    return EmailCheckOut(ready=ready, problems=_show(problems), spam=_estimate_spam(source))


@router.post("/emails/{int:email_id}/go-live", response=EmailOut, operation_id="emails_go_live")
def go_live(request: HttpRequest, email_id: int) -> Email:
    """Check, compile and publish."""
    _allowed(request, email_id, Permission.GO_LIVE)
    actions.go_live_email(email_id, now=utc_now(), by=principal(request).user_id)
    return actions.get_email(email_id)


@router.post("/emails/{int:email_id}/edit", response=EmailOut, operation_id="emails_edit")
def edit(request: HttpRequest, email_id: int) -> Email:
    """Make a live email editable."""
    _allowed(request, email_id, Permission.EDIT)
    actions.edit_email(email_id)
    return actions.get_email(email_id)


@router.post("/emails/{int:email_id}/stop", response=EmailOut, operation_id="emails_stop")
def stop(request: HttpRequest, email_id: int) -> Email:
    """Stop a live email."""
    _allowed(request, email_id, Permission.GO_LIVE)
    actions.stop_email(email_id)
    return actions.get_email(email_id)


@router.post("/emails/{int:email_id}/expire", response=EmailOut, operation_id="emails_expire")
def expire(request: HttpRequest, email_id: int) -> Email:
    """Take an email out of use for good."""
    _allowed(request, email_id, Permission.GO_LIVE)
    actions.expire_email(email_id)
    return actions.get_email(email_id)


@router.post("/emails/{int:email_id}/copy", response={201: EmailOut}, operation_id="emails_copy")
def copy(request: HttpRequest, email_id: int) -> Status[Email]:
    """Make a draft that says the same."""
    _allowed(request, email_id, Permission.EDIT)
    return Status(201, actions.get_email(actions.copy_email(email_id, owner_id=principal(request).user_id)))


@router.get("/emails/{int:email_id}/links", response=list[LinkOut], operation_id="emails_links")
def list_links(request: HttpRequest, email_id: int) -> list[Link]:
    """List the links of what is published."""
    email = _allowed(request, email_id, Permission.VIEW)
    links = load_links([email.live_version_id]) if email.live_version_id else {}
    return [links[key] for key in sorted(links)]


@router.post("/emails/{int:email_id}/preview", response=PreviewOut, by_alias=True, operation_id="emails_preview")
def preview(request: HttpRequest, email_id: int, body: PreviewIn) -> PreviewOut:
    """Show the email as somebody would read it."""
    email = _allowed(request, email_id, Permission.VIEW)
    source = actions.source_of(email)
    problems = check_in_unit(source, email.business_unit_id)
    shown = Preview("", "", "", "")
    try:
        shown = _preview(request, source, body)
    except RenderError as error:
        problems.insert(0, Problem("render_failed", error.message))
    except SenetError as error:
        if not error.problems:
            raise
    return PreviewOut(
        **{"from": shown.sender},
        subject=shown.subject,
        html="" if body.part == "text" else shown.html,
        text="" if body.part == "html" else shown.text,
        problems=_show(problems),
    )


@router.get("/emails/{int:email_id}/preview.html", operation_id="emails_preview_html")
def preview_html(
    request: HttpRequest, email_id: int, contact_id: int | None = None, content_settings_id: int | None = None
) -> HttpResponse:
    """Return the previewed HTML for a frame: in an origin of its own, without scripts, forms or windows."""
    source = actions.source_of(_allowed(request, email_id, Permission.VIEW))
    chosen = PreviewIn(contact_id=contact_id, content_settings_id=content_settings_id)
    shown = _preview(request, source, chosen)
    return HttpResponse(shown.html, content_type="text/html; charset=utf-8", headers=PREVIEW_HEADERS)


def _preview(request: HttpRequest, source: EmailSource, chosen: PreviewIn) -> Preview:
    who = principal(request)
    if chosen.contact_id is not None:
        check_object(get_contact(chosen.contact_id).business_unit_id, who, Permission.VIEW)
    if chosen.content_settings_id is not None:
        check_object(get_content_settings(chosen.content_settings_id).business_unit_id, who, Permission.VIEW)
    return make_preview(
        source,
        contact_id=chosen.contact_id,
        content_settings_id=chosen.content_settings_id,
        door_url=settings.DOOR_URL,
        now=utc_now(),
    )


def _allowed(request: HttpRequest, email_id: int, permission: Permission) -> Email:
    who = principal(request)
    email = actions.get_email(email_id)
    check_object(email.business_unit_id, who, permission)
    return email


def _estimate_spam(source: EmailSource) -> SpamOut | None:
    try:
        found = estimate_spam(source, make_html(source))
    except (Unclosed, ValueError):
        return None
    return SpamOut(score=found.score, level=found.level, reasons=[SpamReason(**asdict(each)) for each in found.reasons])


def _check_event(request: HttpRequest, event_id: int | None) -> None:
    """Refuse an event that the caller may not see."""
    if event_id is not None:
        check_object(get_event(event_id).business_unit_id, principal(request), Permission.VIEW)


def _show(problems: list[Problem]) -> list[ProblemOut]:
    return [ProblemOut(**asdict(each)) for each in problems]
