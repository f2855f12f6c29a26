"""A cohort's launches in one statement: one a person or one a company, never twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from senet.people.models import Contact
from tests.support.interactions import logged
from tests.support.people import make_company, make_contact, make_contacts
from tests.support.webhooks import calls, launch, make_workflow

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def _enqueue(people: Sequence[int], *, workflow: int = 7, per_company: bool = False, tile: int = 2) -> int:
    return launch(people, workflow=workflow, per_company=per_company, tile=tile, now=NOW)


def test_each_person_of_a_cohort_gets_a_call_and_a_line_in_the_log() -> None:
    workflow, _ = make_workflow()
    people = make_contacts(3)
    assert _enqueue(people, workflow=workflow) == 3
    assert [(call.contact_id, call.company_id, call.state, call.due_at, call.attempt) for call in calls()] == [
        (person, None, "queued", NOW, 0) for person in people
    ]
    assert len({call.key for call in calls()}) == 3
    assert logged("TriggerCrmWorkflowActivityContactProcessed") == [
        (person, 5, 2, {"workflow_id": workflow}) for person in people
    ]


def test_running_it_again_changes_nothing() -> None:
    people = make_contacts(3)
    _enqueue(people)
    assert _enqueue(people) == 0
    assert len(calls()) == 3
    assert len(logged("TriggerCrmWorkflowActivityContactProcessed")) == 3


def test_another_tile_launches_for_the_same_people() -> None:
    people = make_contacts(2)
    assert _enqueue(people) == _enqueue(people, tile=3) == 2


def test_a_company_launches_once_whoever_of_it_comes() -> None:
    first, second = make_company(), make_company()
    ann, bob = make_contact(company=first), make_contact(company=first)
    eve, alone = make_contact(company=second), make_contact()
    assert _enqueue([ann.pk, bob.pk, alone.pk], per_company=True) == 1
    assert _enqueue([bob.pk, eve.pk], per_company=True) == 1
    assert [(call.contact_id, call.company_id) for call in calls()] == [(ann.pk, first.pk), (eve.pk, second.pk)]
    assert len(logged("TriggerCrmWorkflowActivityContactProcessed")) == 2


def test_launches_for_people_do_not_stand_in_each_others_way_within_a_company() -> None:
    company = make_company()
    people = [make_contact(company=company).pk for _ in range(3)]
    assert _enqueue(people) == 3


def test_somebody_who_was_deleted_launches_nothing() -> None:
    (kept, gone) = make_contacts(2)
    Contact.objects.filter(pk=gone).delete()
    assert _enqueue([kept, gone]) == 1
