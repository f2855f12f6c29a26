"""Routes: A/B tests of emails. They belong to their email: who may see or edit it may see or edit them."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from senet.accounts.access import check_object
from senet.accounts.http import principal
from senet.accounts.values import Permission
from senet.content import ab_tests
from senet.content.ab_schemas import AbTestChange, AbTestDetail, AbTestIn, AbTestOut
from senet.content.actions import get_email
from senet.content.models import AbTest
from senet.content.preview import PREVIEW_HEADERS, make_preview
from senet.content.schemas import LinkOut
from senet.content.values import Link
from senet.shared.clock import utc_now
from senet.shared.schemas import ProblemOut

router = Router(tags=["content"])


@router.get("/emails/{int:email_id}/ab-tests", response=list[AbTestOut], operation_id="ab_tests_list")
def list_ab_tests(request: HttpRequest, email_id: int) -> list[AbTest]:
    """List an email's A/B tests, the newest first."""
    check_object(get_email(email_id).business_unit_id, principal(request), Permission.VIEW)
    return ab_tests.list_ab_tests(email_id)


@router.post("/emails/{int:email_id}/ab-tests", response={201: AbTestDetail}, operation_id="ab_tests_create")
def create_ab_test(request: HttpRequest, email_id: int, body: AbTestIn) -> Status[AbTestDetail]:
    """Make a test of an email; one at a time may be new."""
    who = principal(request)
    check_object(get_email(email_id).business_unit_id, who, Permission.EDIT)
    values = body.dict(exclude_none=True)
    return Status(201, _show(ab_tests.create_ab_test(email_id, now=utc_now(), by=who.user_id, **values)))


@router.get("/ab-tests/{int:test_id}", response=AbTestDetail, operation_id="ab_tests_get")
def get_ab_test(request: HttpRequest, test_id: int) -> AbTestDetail:
    """Return a test."""
    return _show(_allowed(request, test_id, Permission.VIEW).pk)


@router.patch("/ab-tests/{int:test_id}", response=AbTestDetail, operation_id="ab_tests_update")
def change_ab_test(request: HttpRequest, test_id: int, body: AbTestChange) -> AbTestDetail:
    """Change a test that no journey uses."""
    _allowed(request, test_id, Permission.EDIT)
    by = principal(request).user_id
    ab_tests.change_ab_test(test_id, now=utc_now(), by=by, **body.dict(exclude_unset=True))
    return _show(test_id)


@router.delete("/ab-tests/{int:test_id}", response={204: None}, operation_id="ab_tests_delete")
def delete_ab_test(request: HttpRequest, test_id: int) -> Status[None]:
    """Remove a test that no journey uses."""
    _allowed(request, test_id, Permission.EDIT)
    ab_tests.delete_ab_test(test_id)
    return Status(204, None)


@router.post("/ab-tests/{int:test_id}/replace", response=AbTestDetail, operation_id="ab_tests_replace")
def replace_with_b(request: HttpRequest, test_id: int) -> AbTestDetail:
    """Write version B over the email, for good."""
    _allowed(request, test_id, Permission.EDIT)
    ab_tests.replace_with_b(test_id, now=utc_now())
    return _show(test_id)


@router.get("/ab-tests/{int:test_id}/links", response=list[LinkOut], operation_id="ab_tests_links")
def list_links(request: HttpRequest, test_id: int) -> list[Link]:
    """List the links of version B as it is published beside the email."""
    return ab_tests.list_links_of_b(_allowed(request, test_id, Permission.VIEW))


@router.get("/ab-tests/{int:test_id}/preview.html", operation_id="ab_tests_preview_html")
def preview_html(request: HttpRequest, test_id: int) -> HttpResponse:
    """Return version B as a sample contact would read it, for a frame."""
    source = ab_tests.source_of_b(_allowed(request, test_id, Permission.VIEW))
    shown = make_preview(source, contact_id=None, content_settings_id=None, door_url=settings.DOOR_URL, now=utc_now())
    return HttpResponse(shown.html, content_type="text/html; charset=utf-8", headers=PREVIEW_HEADERS)


def _allowed(request: HttpRequest, test_id: int, permission: Permission) -> AbTest:
    test = ab_tests.get_ab_test(test_id)
    check_object(test.email.business_unit_id, principal(request), permission)
    return test


def _show(test_id: int) -> AbTestDetail:
    test = ab_tests.get_ab_test(test_id)
    shown = AbTestOut.from_orm(test).dict()
    return AbTestDetail(**shown, problems=[ProblemOut(**asdict(each)) for each in ab_tests.find_problems(test)])
