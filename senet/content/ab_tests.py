"""Writes and reads of A/B tests as their author sees them. Drawing and deciding is the journeys room's.

One test of an email is new at a time; the next one can be made when it has run. A journey's tile that uses it locks it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from senet.content.ab_publishing import TESTED, check_variant, make_b, publish_variant
from senet.content.actions import EDITABLE, change_email, lock_email, source_of
from senet.content.errors import FieldLocked
from senet.content.models import AbTest, AbVariant, Email, EmailVersion
from senet.content.queries import load_links
from senet.content.values import AbStatus, EmailSource, Link
from senet.shared.errors import Conflict, NotFound, Problem

_SOURCE = tuple(each.name for each in fields(EmailSource))


def create_ab_test(email_id: int, *, now: datetime, by: int | None, **values: Any) -> int:
    """Make a test of an email and return its id; what is not given of version B begins as version A has it.

    Raises: NotFound; Conflict when another test of the email has not run yet.
    """
    email = lock_email(email_id)
    if AbTest.objects.filter(email=email).exclude(status=AbStatus.FINISHED.value).exists():
        raise Conflict("This email has a test that has not run yet. Run it first, or delete it.")
    begins = {name: getattr(email, name) for name in TESTED["whole"]}
    test = AbTest.objects.create(email=email, **{**begins, **values})
    _publish(email, now, by)
    return test.pk


def change_ab_test(test_id: int, *, now: datetime, by: int | None, **values: Any) -> None:
    """Change a test. Raises: NotFound; FieldLocked when a journey uses it or it has run."""
    test = _lock(test_id)
    changed = {name: value for name, value in values.items() if getattr(test, name) != value}
    if changed and test.status != AbStatus.DRAFT.value:
        raise FieldLocked(f"This test is {test.status.replace('_', ' ')} and cannot be changed.", field=min(changed))
    if changed:
        for name, value in changed.items():
            setattr(test, name, value)
        test.save()
        _publish(test.email, now, by)


def delete_ab_test(test_id: int) -> None:
    """Remove a test that nobody uses. Raises: NotFound, Conflict."""
    test = _lock(test_id)
    if test.status != AbStatus.DRAFT.value:
        raise Conflict(f"This test is {test.status.replace('_', ' ')}, so it is kept.")
    unused = list(AbVariant.objects.filter(ab_test=test).values_list("b_version_id", flat=True))
    test.delete()
    EmailVersion.objects.filter(pk__in=unused).delete()


def replace_with_b(test_id: int, *, now: datetime) -> None:
    """Write version B over version A, for good; what is published changes when the email goes live again.

    Raises: NotFound; Conflict before the test has run, when it was done before, or while the email cannot be changed.
    """
    test = _lock(test_id)
    if test.status != AbStatus.FINISHED.value:
        raise Conflict("The test has not finished yet.")
    if test.replaced_at is not None:
        raise Conflict("The email was already replaced with version B.")
    if test.email.status not in EDITABLE:
        raise Conflict("Choose Edit on the email first; then version B can replace it.")
    change_email(test.email_id, **{name: getattr(test, name) for name in TESTED[test.kind]})
    test.replaced_at = now
    test.save(update_fields=["replaced_at", "updated_at"])


def get_ab_test(test_id: int) -> AbTest:
    """Return the row of a test, with its email's. Raises: NotFound."""
    test = AbTest.objects.select_related("email").filter(pk=test_id).first()
    if test is None:
        raise NotFound("There is no A/B test by that number.")
    return test


def list_ab_tests(email_id: int) -> list[AbTest]:
    """Return an email's tests, the newest first."""
    return list(AbTest.objects.filter(email_id=email_id).order_by("-id"))


def find_problems(test: AbTest) -> list[Problem]:
    """Return what keeps version B from being published."""
    return check_variant(test.email, source_of(test.email)) if test.status in {"draft", "scheduled"} else []


def list_links_of_b(test: AbTest) -> list[Link]:
    """Return the links of the version B that is published beside the email as it is live; none while there is none."""
    pair = AbVariant.objects.filter(ab_test=test, a_version_id=test.email.live_version_id).first()
    links = load_links([pair.b_version_id]) if pair is not None else {}
    return [links[key] for key in sorted(links)]


def source_of_b(test: AbTest) -> EmailSource:
    """Return what version B says, beside the email as its author edits it."""
    return make_b(test, source_of(test.email))


def _lock(test_id: int) -> AbTest:
    """Return a test, with its email and itself held until commit. Raises: NotFound."""
    email = lock_email(get_ab_test(test_id).email_id)
    test = AbTest.objects.select_for_update(of=("self",)).filter(pk=test_id).first()
    if test is None:
        raise NotFound("There is no A/B test by that number.")
    test.email = email
    return test


def _publish(email: Email, now: datetime, by: int | None) -> None:
    """Publish version B beside what is published of the email, unless it has errors: the check says them."""
    if email.live_version_id is None:
        return
    version = EmailVersion.objects.get(pk=email.live_version_id)
    source = EmailSource(**{name: version.source[name] for name in _SOURCE if name in version.source})
    if not check_variant(email, source):
        publish_variant(email, version, source, now=now, by=by)
    else:
        AbVariant.objects.filter(ab_test__email=email, ab_test__status="draft", a_version=version).delete()
