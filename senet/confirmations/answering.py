"""Takes the answers: what was asked for comes true, once, with its interactions, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

import senet.confirmations
from senet.audiences.actions import join_list
from senet.audiences.values import By
from senet.confirmations.models import ConfirmationRequest
from senet.confirmations.values import Kind, Outcome, Question, RequestState
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.people.actions import hold_contact
from senet.people.consent import set_consent_level
from senet.shared.errors import Conflict, NotFound
from senet.shared.sql import fetch_all


def find_question(message_id: int, now: datetime) -> Question | None:
    """Return what a confirmation mail asks; None when there is no such mail, or its person is gone. Changes nothing."""
    rows = fetch_all(senet.confirmations, "find_question", {"message_id": message_id, "now": now})
    if not rows:
        return None
    message, request, contact, kind, name, description, address, outcome = rows[0]
    settled = Outcome(outcome) if outcome else None
    return Question(message, request, contact, Kind(kind), name, description, address, settled)


@transaction.atomic
def confirm(message_id: int, *, fact: Interaction, now: datetime) -> Question | None:
    """Let what a mail asks for come true, and return the question with its outcome; None as `find_question`.

    The first answer counts: it is logged, as `ConfirmationResponse`, with whatever `fact` knows of who answers. Further
    ones change and log nothing, whoever gives them and whenever, also when the person has left the list since.
    """
    found = find_question(message_id, now)
    if found is None:
        return None
    contact = hold_contact(found.contact_id)
    request = ConfirmationRequest.objects.select_for_update().filter(pk=found.request_id).first()
    question = find_question(message_id, now)  # as it stands now that nobody else can answer
    if contact is None or request is None or question is None or question.outcome is not None:
        return question
    fact = replace(fact, at=now, contact_id=contact.pk, company_id=contact.company_id)
    facts = [replace(fact, type="ConfirmationResponse", list_id=request.list_id, detail=_detail(request.pk))]
    if question.kind is Kind.CONSENT:
        if request.consent_level is not None and contact.consent_level < request.consent_level:
            set_consent_level(contact.pk, request.consent_level, now=now)
    elif request.list_id is not None and join_list(request.list_id, [contact.pk], by=By.CONFIRMATION, now=now):
        joined = replace(fact, type="SegmentSubscribed", list_id=request.list_id, detail={"by": By.CONFIRMATION.value})
        facts.append(joined)
    request.state, request.answered_at, request.mail_due_at = RequestState.CONFIRMED, now, None
    request.save()
    record(facts)
    return replace(question, outcome=Outcome.CONFIRMED)


def withdraw(request_id: int, *, now: datetime) -> None:
    """Take back what waits for its answer: the link does nothing any more. Raises: NotFound, Conflict."""
    request = ConfirmationRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound("There is no such request.")
    if request.state != RequestState.WAITING:
        raise Conflict(f"This request is {request.state} and cannot be taken back.")
    request.state, request.answered_at, request.mail_due_at = RequestState.WITHDRAWN, now, None
    request.save()


def _detail(request_id: int) -> dict[str, object]:
    return {"request": request_id, "answer": "confirmed"}
