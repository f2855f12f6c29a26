"""Writes: emails and their states. Content settings have a file of their own, `settings_actions`."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from django.conf import settings

from senet.content.ab_publishing import check_variant, publish_variant
from senet.content.check import check_in_unit
from senet.content.compiler import compile_email
from senet.content.errors import EmailNotReady, FieldLocked
from senet.content.models import Email
from senet.content.preview import make_test_message
from senet.content.publishing import publish_version
from senet.content.values import ContentType, EmailSource, EmailStatus, RenderedMessage
from senet.shared.errors import Conflict, NotFound, Problem

SOURCE_FIELDS = tuple(each.name for each in fields(EmailSource))
EDITABLE = frozenset({EmailStatus.DRAFT.value, EmailStatus.LIVE_EDITABLE.value, EmailStatus.STOPPED.value})
PERMANENT = frozenset({"legal_designation", "content_type"})  # after the first time live
_WRITABLE = frozenset({"name", *SOURCE_FIELDS})


def create_email(*, business_unit_id: int, owner_id: int | None, **values: Any) -> int:
    """Make a draft and return its id. `values` are columns of an email by name.

    Raises: FieldLocked for a column that nobody sets.
    """
    _check_writable(values)
    return Email.objects.create(business_unit_id=business_unit_id, owner_id=owner_id, **values).pk


def change_email(email_id: int, **values: Any) -> None:
    """Change some columns of an email.

    Raises: NotFound; FieldLocked when the email's state forbids it.
    """
    email = lock_email(email_id)
    _check_writable(values)
    changed = {name: value for name, value in values.items() if getattr(email, name) != value}
    if changed and email.status not in EDITABLE:
        raise FieldLocked(f"This email is {email.status}. Choose Edit before changing it.", field=min(changed))
    locked = sorted(PERMANENT & changed.keys())
    if locked and email.live_version_id is not None:
        raise FieldLocked(f"“{locked[0].replace('_', ' ')}” is permanent once an email has been live.", field=locked[0])
    for name, value in changed.items():
        setattr(email, name, value)
    email.save()


def go_live_email(email_id: int, *, now: datetime, by: int | None = None) -> list[Problem]:
    """Check, compile and publish an email; return the warnings that remain.

    A stopped email goes live again with what it says now. Journeys keep the version they were published with.

    Raises: NotFound, Conflict, EmailNotReady with every problem.
    """
    email = lock_email(email_id)
    if email.status not in EDITABLE:
        raise Conflict(f"This email is {email.status} and cannot go live.")
    source = source_of(email)
    problems = [*check_in_unit(source, email.business_unit_id), *check_variant(email, source)]
    if any(problem.severity == "error" for problem in problems):
        raise EmailNotReady(problems=problems)
    version = publish_version(email, source, compile_email(source), now=now, by=by)
    publish_variant(email, version, source, now=now, by=by)
    email.live_version_id = version.pk
    email.status = EmailStatus.LIVE.value
    email.save()
    return problems


def edit_email(email_id: int) -> None:
    """Make a live email editable; what is published goes on being sent. Raises: NotFound, Conflict."""
    _move(email_id, {EmailStatus.LIVE.value}, EmailStatus.LIVE_EDITABLE)


def stop_email(email_id: int) -> None:
    """Stop a live email: no new journey may use it; live journeys send their version on. Raises: NotFound, Conflict."""
    _move(email_id, {EmailStatus.LIVE.value, EmailStatus.LIVE_EDITABLE.value}, EmailStatus.STOPPED)


def expire_email(email_id: int) -> None:
    """Take an email out of use for good. Raises: NotFound."""
    _move(email_id, {each.value for each in EmailStatus} - {EmailStatus.EXPIRED.value}, EmailStatus.EXPIRED)


def copy_email(email_id: int, *, owner_id: int | None) -> int:
    """Make a draft that says the same and return its id. Raises: NotFound."""
    email = get_email(email_id)
    values = {name: getattr(email, name) for name in SOURCE_FIELDS}
    return create_email(
        business_unit_id=email.business_unit_id, owner_id=owner_id, name=f"{email.name} (copy)", **values
    )


def delete_email(email_id: int) -> None:
    """Remove an email that was never live. Raises: NotFound, Conflict."""
    email = lock_email(email_id)
    if email.live_version_id is not None or email.versions.exists():
        raise Conflict("This email has been live, so its numbers are kept. Stop it instead.")
    email.delete()


def get_email(email_id: int) -> Email:
    """Return the row of an email. Raises: NotFound."""
    email = Email.objects.filter(pk=email_id).first()
    if email is None:
        raise NotFound("There is no email by that number.")
    return email


def lock_email(email_id: int) -> Email:
    """Return the row of an email, held until the transaction ends. Raises: NotFound."""
    email = Email.objects.select_for_update(of=("self",)).filter(pk=email_id).first()
    if email is None:
        raise NotFound("There is no email by that number.")
    return email


def source_of(email: Email) -> EmailSource:
    """Return what an email's author wrote."""
    return EmailSource(**{name: getattr(email, name) for name in SOURCE_FIELDS})


def _move(email_id: int, allowed: set[str], status: EmailStatus) -> None:
    email = lock_email(email_id)
    if email.status not in allowed:
        raise Conflict(f"This email is {email.status.replace('_', ', ')}; that cannot be done now.")
    email.status = status.value
    email.save()


def _check_writable(values: dict[str, Any]) -> None:
    unknown = sorted(values.keys() - _WRITABLE)
    if unknown:
        raise FieldLocked(f"“{unknown[0]}” cannot be set.", field=unknown[0])


def render_test(
    email_id: int, *, address: str, contact_id: int | None = None, content_settings_id: int | None = None, now: datetime
) -> RenderedMessage:
    """Return a test message for one address, as a contact (or a sample) would read it; it is never counted.

    Raises: NotFound, Conflict, EmailNotReady with every problem, RenderError.
    """
    email = get_email(email_id)
    source = source_of(email)
    if source.content_type == ContentType.CONFIRMATION_REQUEST:
        raise Conflict(
            "A confirmation request cannot be sent as a test: its link would confirm nothing. Look at its preview."
        )
    problems = check_in_unit(source, email.business_unit_id)
    if any(problem.severity == "error" for problem in problems):
        raise EmailNotReady(problems=problems)
    return make_test_message(
        source,
        contact_id=contact_id,
        content_settings_id=content_settings_id,
        address=address,
        door_url=settings.DOOR_URL,
        now=now,
    )
