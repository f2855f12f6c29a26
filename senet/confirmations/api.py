"""Routes: how double opt-in is set up, what people have asked for, and asking for a person."""

from __future__ import annotations

from dataclasses import asdict

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.audiences.models import SubscriptionList
from senet.confirmations.answering import withdraw
from senet.confirmations.asking import ask_for_consent, ask_for_list
from senet.confirmations.models import ConfirmationRequest, ConfirmationSettings
from senet.confirmations.queries import load_setup
from senet.confirmations.schemas import (
    ConfirmationRequestIn,
    ConfirmationRequestOut,
    ConfirmationRequestQuery,
    ConfirmationSettingsChange,
    ConfirmationSettingsOut,
)
from senet.confirmations.settings import change_settings, count_held, find_problems, get_settings
from senet.confirmations.values import Asked, RequestState
from senet.interactions.values import Interaction
from senet.people.models import Contact
from senet.shared.clock import utc_now
from senet.shared.errors import Conflict, InvalidInput, NotFound
from senet.shared.paging import Listing, Page, PageOf, Sort
from senet.shared.schemas import ProblemOut

router = Router(tags=["confirmations"])

REQUESTS = Listing(
    sorts={
        "id": Sort("id"),
        "asked_at": Sort("asked_at"),
        "answered_at": Sort("answered_at"),
        "expires_at": Sort("expires_at"),
    },
    filters={"contact_id": "contact_id", "list_id": "list_id", "kind": "kind"},
    search=lambda text: Q(address__icontains=text) | Q(object_name__icontains=text),
    default_sort="-id",
)
_SENTENCES = {
    Asked.NOT_NEEDED: "They have it already: there is nothing to confirm.",
    Asked.NO_ADDRESS: "The contact has no email address that could be asked.",
    Asked.MAILED_BEFORE: "They were sent this mail a short while ago, or often enough today. Ask again later.",
}


@router.get("/confirmation-settings", response=ConfirmationSettingsOut, operation_id="confirmation_settings_get")
def get_confirmation_settings(request: HttpRequest) -> ConfirmationSettingsOut:
    """Tell how double opt-in works, and what keeps it from working."""
    principal(request)
    return _show(get_settings())


@router.patch("/confirmation-settings", response=ConfirmationSettingsOut, operation_id="confirmation_settings_update")
def change_confirmation_settings(request: HttpRequest, body: ConfirmationSettingsChange) -> ConfirmationSettingsOut:
    """Set double opt-in up, turn it on or off."""
    require(request, Permission.ADMINISTER)
    return _show(change_settings(body.dict(exclude_unset=True), now=utc_now()))


@router.get(
    "/confirmation-requests", response=PageOf[ConfirmationRequestOut], operation_id="confirmation_requests_list"
)
def list_confirmation_requests(
    request: HttpRequest, query: Query[ConfirmationRequestQuery]
) -> Page[ConfirmationRequest]:
    """List what people have asked for."""
    rows = visible(_rows(), principal(request), column="contact__business_unit_id")
    return REQUESTS.page(_in_state(rows, query.state), query)


@router.post(
    "/contacts/{int:contact_id}/confirmation-requests",
    response={201: ConfirmationRequestOut},
    operation_id="confirmation_requests_create",
)
def ask(request: HttpRequest, contact_id: int, body: ConfirmationRequestIn) -> Status[ConfirmationRequest]:
    """Ask a contact by mail to confirm that they join a list, or a higher consent; nothing changes before they do."""
    me = require(request, Permission.EDIT)
    contact = visible(Contact.objects.all(), me).filter(pk=contact_id).first()
    if contact is None:
        raise NotFound("There is no contact by that number.")
    if not load_setup().enabled:
        raise Conflict("Double opt-in is off. An administrator turns it on under Double opt-in in the settings.")
    if contact.do_not_email or not contact.active:
        raise Conflict("This contact gets no email at all, so they cannot be asked by one.")
    if (body.list_id is None) == (body.consent_level is None):
        raise InvalidInput("Name either a list or a consent level.", field="list_id")
    now = utc_now()
    fact = Interaction("ConfirmationRequest", now, contact_id=contact_id)
    if body.list_id is not None:
        if not visible(SubscriptionList.objects.all(), me).filter(pk=body.list_id).exists():
            raise InvalidInput("There is no such list.", field="list_id")
        outcome = ask_for_list(body.list_id, by="api", fact=fact, now=now, user_id=me.user_id)
    else:
        assert body.consent_level is not None  # noqa: S101  one of the two is given
        outcome = ask_for_consent(body.consent_level, by="api", fact=fact, now=now, user_id=me.user_id)
    if outcome is not Asked.MAILED:
        raise Conflict(_SENTENCES[outcome], outcome=outcome.value)
    waits = _rows().filter(contact_id=contact_id, list_id=body.list_id, consent_level=body.consent_level)
    return Status(201, waits.get(state=RequestState.WAITING))


@router.post(
    "/confirmation-requests/{int:request_id}/withdraw",
    response=ConfirmationRequestOut,
    operation_id="confirmation_requests_withdraw",
)
def take_back(request: HttpRequest, request_id: int) -> ConfirmationRequest:
    """Take back what waits for an answer: the link in the mail does nothing any more."""
    me = require(request, Permission.EDIT)
    found = _rows().filter(pk=request_id).first()
    if found is None:
        raise NotFound("There is no such request.")
    check_object(found.contact.business_unit_id, me, Permission.EDIT)
    withdraw(request_id, now=utc_now())
    return _rows().get(pk=request_id)


def _rows() -> QuerySet[ConfirmationRequest]:
    return ConfirmationRequest.objects.select_related("contact").filter(contact__id__isnull=False)


def _in_state(rows: QuerySet[ConfirmationRequest], state: RequestState | None) -> QuerySet[ConfirmationRequest]:
    if state is None:
        return rows
    if state is RequestState.EXPIRED:
        return rows.filter(state=RequestState.WAITING, expires_at__lte=utc_now())
    rows = rows.filter(state=state)
    return rows.filter(expires_at__gt=utc_now()) if state is RequestState.WAITING else rows


def _show(row: ConfirmationSettings) -> ConfirmationSettingsOut:
    problems = find_problems(row) if row.enabled or row.pk is not None else []
    return ConfirmationSettingsOut(
        enabled=row.enabled,
        subscription_email_id=row.subscription_email_id,
        consent_email_id=row.consent_email_id,
        content_settings_id=row.content_settings_id,
        subscription_thanks_url=row.subscription_thanks_url,
        consent_thanks_url=row.consent_thanks_url,
        centre_shows_consent=row.centre_shows_consent,
        problems=[ProblemOut(**asdict(each)) for each in problems],
        mails_held=count_held(utc_now()),
    )
