"""Publishes version B of an email together with version A, for the test that has not begun yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from senet.content.check import check_in_unit
from senet.content.compiler import compile_email
from senet.content.models import AbTest, AbVariant, Email, EmailVersion
from senet.content.publishing import publish_version
from senet.content.values import AbKind, AbStatus, EmailSource
from senet.shared.errors import Problem

WAITING = (AbStatus.DRAFT.value, AbStatus.SCHEDULED.value)
HEADER = ("subject", "preheader", "from_name")
BODY = ("source_kind", "source", "plain_text", "plain_text_automatic")
TESTED = {AbKind.HEADER.value: HEADER, AbKind.BODY.value: BODY, AbKind.WHOLE.value: (*HEADER, *BODY)}


def make_b(test: AbTest, source: EmailSource) -> EmailSource:
    """Return what version B says: its own words where the test is, A's everywhere else."""
    return replace(source, **{name: getattr(test, name) for name in TESTED[test.kind]})


def find_new_test(email: Email) -> AbTest | None:
    """Return the test of an email that has not begun yet."""
    return AbTest.objects.filter(email=email, status__in=WAITING).first()


def check_variant(email: Email, source: EmailSource) -> list[Problem]:
    """Return what is wrong with version B of an email, if there is one to be tested."""
    test = find_new_test(email)
    if test is None:
        return []
    return [
        replace(problem, message=f"Version B: {problem.message}", where=f"version B: {problem.where}")
        for problem in check_in_unit(make_b(test, source), email.business_unit_id)
        if problem.severity == "error"
    ]


def publish_variant(email: Email, version: EmailVersion, source: EmailSource, *, now: datetime, by: int | None) -> None:
    """Publish version B beside a version A, if a test waits for it. The caller holds the email's row.

    What was published for the same A before, and cannot have been sent, goes.
    """
    test = find_new_test(email)
    if test is None:
        return
    outdated = AbVariant.objects.filter(ab_test=test, a_version=version)
    EmailVersion.objects.filter(pk__in=list(outdated.values_list("b_version_id", flat=True))).delete()
    b_source = make_b(test, source)
    b_version = publish_version(email, b_source, compile_email(b_source), now=now, by=by)
    AbVariant.objects.create(ab_test=test, a_version=version, b_version=b_version)
