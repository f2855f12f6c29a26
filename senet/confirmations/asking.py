"""Asks a person to confirm what they want. One request a list, and one for the consent, waits at a time.

Who asks again gets the mail again, within caps: nobody can be flooded through somebody else's subscription centre. The
contact's row is held, so that two asks, or an ask and an answer, come one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

import senet.confirmations
from senet.audiences.errors import ListNotFound
from senet.audiences.models import SubscriptionList
from senet.confirmations.models import ConfirmationRequest
from senet.confirmations.values import LASTS, REQUEST_TYPES, Asked, Kind, RequestState
from senet.content.addresses import find_address
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.people.actions import hold_contact
from senet.people.consent import LEVELS
from senet.people.models import Contact
from senet.shared.errors import NotFound
from senet.shared.sql import fetch_all

AGAIN_AFTER = timedelta(minutes=10)
REQUEST_CAP = 3  # mails of one request in a day
PERSON_CAP = 20  # mails to one contact in a day
_DAY = timedelta(days=1)


def ask_for_list(list_id: int, *, by: str, fact: Interaction, now: datetime, user_id: int | None = None) -> Asked:
    """Ask the contact of a fact to confirm that they join a list; the fact is logged as `ConfirmationRequest`.

    Raises: NotFound when the contact or the list is gone.
    """
    found = SubscriptionList.objects.filter(pk=list_id).first()
    if found is None:
        raise ListNotFound
    wanted = {"kind": Kind.LIST, "list_id": list_id, "object_name": found.name, "object_description": found.description}
    return _ask(wanted, by=by, fact=fact, now=now, user_id=user_id)


def ask_for_consent(level: int, *, by: str, fact: Interaction, now: datetime, user_id: int | None = None) -> Asked:
    """Ask the contact of a fact to confirm a higher consent level. Raises: NotFound when the contact is gone."""
    wanted = {
        "kind": Kind.CONSENT,
        "consent_level": level,
        "object_name": "Consent",
        "object_description": LEVELS[level],
    }
    return _ask(wanted, by=by, fact=fact, now=now, user_id=user_id)


def withdraw_consent(contact_id: int, *, now: datetime) -> None:
    """Let no consent that was asked for come true any more: the person has chosen a level since."""
    rows = ConfirmationRequest.objects.filter(contact_id=contact_id, kind=Kind.CONSENT, state=RequestState.WAITING)
    rows.update(state=RequestState.WITHDRAWN, answered_at=now, mail_due_at=None)


@transaction.atomic
def _ask(wanted: dict[str, Any], *, by: str, fact: Interaction, now: datetime, user_id: int | None) -> Asked:
    contact = hold_contact(fact.contact_id or 0)
    if contact is None:
        raise NotFound("There is no contact by that number.")
    if find_address(contact.email) is None:
        return Asked.NO_ADDRESS
    if _has_it(contact, wanted):
        return Asked.NOT_NEEDED
    waiting = (
        ConfirmationRequest.objects.select_for_update()
        .filter(contact=contact, kind=wanted["kind"], list_id=wanted.get("list_id"), state=RequestState.WAITING)
        .first()
    )
    if waiting is not None and not _is_the_same(waiting, contact, wanted):
        waiting.state, waiting.answered_at, waiting.mail_due_at = RequestState.WITHDRAWN, now, None
        waiting.save()
        waiting = None
    mails, mails_of_request = _count_mails(contact.pk, waiting, now)
    if waiting is None:
        due_at = now if mails < PERSON_CAP else now + _DAY  # late rather than never
        waiting = ConfirmationRequest.objects.create(
            contact=contact, address=contact.email, asked_by=by, asked_at=now, expires_at=due_at + LASTS,
            mail_due_at=due_at, user_id=user_id, **wanted,
        )  # fmt: skip
    elif _may_mail_again(waiting, now) and mails < PERSON_CAP and mails_of_request < REQUEST_CAP:
        waiting.mail_due_at, waiting.expires_at = now, now + LASTS
        waiting.save()
    else:
        return Asked.MAILED_BEFORE
    record([_as_fact(waiting, contact, fact, now)])
    return Asked.MAILED


def _has_it(contact: Contact, wanted: dict[str, Any]) -> bool:
    if wanted["kind"] == Kind.CONSENT:
        return bool(contact.consent_level >= wanted["consent_level"])
    parameters = {"list_id": wanted["list_id"], "contact_id": contact.pk}
    return bool(fetch_all(senet.confirmations, "find_member", parameters))


def _is_the_same(waiting: ConfirmationRequest, contact: Contact, wanted: dict[str, Any]) -> bool:
    """Say whether what waits asks for the same: else the mail that was sent would confirm what it did not say."""
    same_level = waiting.consent_level == wanted.get("consent_level")
    return same_level and waiting.address.lower() == contact.email.lower()


def _may_mail_again(waiting: ConfirmationRequest, now: datetime) -> bool:
    return waiting.mail_due_at is None and (waiting.mailed_at is None or waiting.mailed_at <= now - AGAIN_AFTER)


def _count_mails(contact_id: int, waiting: ConfirmationRequest | None, now: datetime) -> tuple[int, int]:
    """Return how many confirmation mails a contact was asked for in a day, and how many of them for one request."""
    parameters = {"contact_id": contact_id, "request_id": waiting.pk if waiting else 0, "since": now - _DAY}
    ((mails, of_request),) = fetch_all(senet.confirmations, "count_mails", parameters)
    return mails, of_request


def _as_fact(request: ConfirmationRequest, contact: Contact, fact: Interaction, now: datetime) -> Interaction:
    value = "" if request.consent_level is None else str(request.consent_level)
    detail = {
        "request": request.pk,
        "request_type": REQUEST_TYPES[request.kind],
        "object_name": request.object_name,
        "object_value": value,
        "by": request.asked_by,
    }
    return replace(
        fact, type="ConfirmationRequest", at=now, company_id=contact.company_id, list_id=request.list_id, detail=detail
    )
