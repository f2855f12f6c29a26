"""Activities and their templates: what colleagues are asked to do, and whether they have done it.

Tiles make activities, a cohort at a time; here one is looked at and marked as done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from senet.accounts.access import check_object, visible
from senet.accounts.models import User
from senet.accounts.values import Permission, Principal
from senet.journeys.errors import ActivityNotFound, ActivityTemplateNotFound
from senet.journeys.models import Activity, ActivityTemplate
from senet.journeys.values import ActivityContent, ActivityKind, Priority
from senet.shared.errors import InvalidInput, NotFound, Problem, Problems

LONGEST_MINUTES = 3650 * 24 * 60
_APPOINTMENTS_ALONE = ("start_after_minutes", "location")


def find_contents(ids: Iterable[int | None]) -> Mapping[int, tuple[ActivityKind, ActivityContent]]:
    """Return what templates say, by their ids; those that are gone are left out."""
    rows = ActivityTemplate.objects.filter(pk__in=[each for each in ids if each is not None])
    return {row.pk: (ActivityKind(row.kind), _read_content(row)) for row in rows}


def _read_content(row: ActivityTemplate) -> ActivityContent:
    return ActivityContent(
        row.subject,
        row.description,
        Priority(row.priority),
        row.location,
        due_in=_minutes(row.due_in_minutes),
        start_after=_minutes(row.start_after_minutes),
        duration=_minutes(row.duration_minutes),
    )


def _minutes(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)


def create_template(values: Mapping[str, Any], *, principal: Principal, now: datetime) -> ActivityTemplate:
    """Make a template. Raises: InvalidInput with every problem at once."""
    template = ActivityTemplate(owner_id=principal.user_id, business_unit_id=principal.business_unit_id, created_at=now)
    return _write(template, values, principal, now)


def change_template(
    template_id: int, values: Mapping[str, Any], *, principal: Principal, now: datetime
) -> ActivityTemplate:
    """Change what is given of a template; its kind stays, and live journeys keep what it was.

    Raises: as `create_template`, ActivityTemplateNotFound, NotAllowed.
    """
    return _write(_get_template(template_id, principal), values, principal, now)


def delete_template(template_id: int, *, principal: Principal) -> None:
    """Remove a template; activities made from it stay. Raises: ActivityTemplateNotFound, NotAllowed."""
    _get_template(template_id, principal).delete()


def _get_template(template_id: int, principal: Principal) -> ActivityTemplate:
    template = ActivityTemplate.objects.select_for_update().filter(pk=template_id).first()
    if template is None:
        raise ActivityTemplateNotFound
    try:
        check_object(template.business_unit_id, principal, Permission.EDIT)
    except NotFound as error:
        raise ActivityTemplateNotFound from error
    return template


def _write(
    template: ActivityTemplate, values: Mapping[str, Any], principal: Principal, now: datetime
) -> ActivityTemplate:
    for name, value in values.items():
        setattr(template, name, value.strip() if isinstance(value, str) else value)
    problems = Problems()
    _check(template, problems)
    owner = values.get("owner_id")
    if owner is not None and not visible(User.objects.all(), principal).filter(pk=owner).exists():
        problems.add("not_there", "There is no such user.", where="owner_id")
    if problems.found:
        fields = {problem.where: problem.message for problem in problems.found}
        raise InvalidInput("The template cannot be kept like this.", problems=problems.found, **fields)
    template.updated_at = now
    template.save()
    return template


def _check(template: ActivityTemplate, problems: Problems) -> None:
    for name in ("name", "subject"):
        if not getattr(template, name):
            problems.add(f"{name}_missing", f"A template needs a {name}.", where=name)
    if template.kind == ActivityKind.APPOINTMENT:
        for name, what in (("start_after_minutes", "when it starts"), ("duration_minutes", "how long it lasts")):
            if getattr(template, name) is None:
                problems.add(f"{name}_missing", f"An appointment says {what}.", where=name)
        unused: tuple[str, ...] = ("due_in_minutes",)
    else:
        unused = _APPOINTMENTS_ALONE
    problems.found += [
        Problem("unused", f"A {template.kind.replace('_', ' ')} has no such value.", name)
        for name in unused
        if getattr(template, name) not in (None, "")
    ]


def mark_done(activity_id: int, *, done: bool, principal: Principal, now: datetime) -> Activity:
    """Note that an activity has been done, or that it has not. Doing it again changes nothing.

    Raises: ActivityNotFound, NotAllowed.
    """
    activity = visible(Activity.objects.select_for_update(), principal).filter(pk=activity_id).first()
    if activity is None:
        raise ActivityNotFound
    check_object(activity.business_unit_id or principal.business_unit_id, principal, Permission.EDIT)
    if done != (activity.done_at is not None):
        activity.done_at = now if done else None
        activity.save(update_fields=["done_at"])
    return activity
