"""How double opt-in is set up: which emails ask, with which content settings, and where people go afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from senet.confirmations.models import ConfirmationRequest, ConfirmationSettings
from senet.confirmations.values import RequestState
from senet.content.models import ContentSettings, Email
from senet.content.queries import LIVE_SETTINGS
from senet.content.urls import clean_url
from senet.content.values import ContentType, EmailStatus
from senet.shared.errors import InvalidInput, Problem, Problems

_EMAILS = {
    "subscription_email_id": "to confirm that somebody joins a list",
    "consent_email_id": "to confirm a higher consent",
}
_URLS = ("subscription_thanks_url", "consent_thanks_url")
_LIVE = frozenset({EmailStatus.LIVE.value, EmailStatus.LIVE_EDITABLE.value})


def get_settings() -> ConfirmationSettings:
    """Return the settings; unsaved ones, which are off, until somebody sets double opt-in up."""
    return ConfirmationSettings.objects.order_by("id").first() or ConfirmationSettings(
        enabled=False,
        subscription_thanks_url="",
        consent_thanks_url="",
        centre_shows_consent=False,
    )


def change_settings(changes: Mapping[str, Any], *, now: datetime) -> ConfirmationSettings:
    """Change some settings. Raises: InvalidInput with every problem, when it is on or is turned on and cannot work."""
    ConfirmationSettings.objects.get_or_create(pk=1)
    row = ConfirmationSettings.objects.select_for_update().get(pk=1)
    for name, value in changes.items():
        setattr(row, name, value)
    problems = [*_check_chosen(row), *(find_problems(row) if row.enabled else [])]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InvalidInput(
            "Double opt-in cannot work like this yet." if row.enabled else "Some of this cannot be chosen.",
            problems=list(dict.fromkeys(errors)),
        )
    row.updated_at = now
    row.save()
    return row


def find_problems(row: ConfirmationSettings) -> list[Problem]:
    """Return what keeps confirmation mails from going out (errors), and what deserves a look."""
    problems = Problems()
    emails = Email.objects.in_bulk([number for name in _EMAILS if (number := getattr(row, name)) is not None])
    for name, purpose in _EMAILS.items():
        email = emails.get(getattr(row, name))
        if email is None:
            advice = "Make an email of the content type Confirmation request, take it live and choose it here."
            problems.add("email_missing", f"No email is chosen {purpose}.", where=name, advice=advice)
        elif email.live_version_id is None:
            advice = "Take the email live."
            problems.add("email_not_live", f"“{email.name}” has never been live.", where=name, advice=advice)
        elif email.status not in _LIVE:
            message = f"“{email.name}” is {email.status}; what was published last goes on being sent."
            problems.add("email_not_live", message, where=name, severity="warning", advice="Choose another email.")
    _check_content_settings(row, problems)
    return problems.found


def _check_content_settings(row: ConfirmationSettings, problems: Problems) -> None:
    chosen = ContentSettings.objects.filter(pk=row.content_settings_id or 0).first()
    settings = chosen or ContentSettings.objects.filter(is_default=True).first()
    if settings is None:
        message = "There are no content settings, so that the mails would have no postal address."
        problems.add("settings_missing", message, where="content_settings_id", advice="Make content settings.")
    elif settings.status not in LIVE_SETTINGS:
        message = f"The content settings “{settings.name}” are {settings.status}: confirmation mails wait."
        advice = "Take the content settings live, or choose others."
        problems.add("settings_not_live", message, where="content_settings_id", severity="warning", advice=advice)


def _check_chosen(row: ConfirmationSettings) -> list[Problem]:
    """Return what cannot be kept at all, on or off."""
    problems = Problems()
    for name in _EMAILS:
        number = getattr(row, name)
        email = Email.objects.filter(pk=number).first() if number is not None else None
        if number is not None and (email is None or email.content_type != ContentType.CONFIRMATION_REQUEST):
            message = "This is no email of the content type Confirmation request."
            problems.add("no_confirmation_request", message, where=name, advice="Choose one that is.")
    if row.content_settings_id is not None and not ContentSettings.objects.filter(pk=row.content_settings_id).exists():
        problems.add("settings_missing", "There are no such content settings.", where="content_settings_id")
    for name in _URLS:
        url = getattr(row, name)
        if url and clean_url(url) is None:
            message = "The page that thanks needs a whole http or https address."
            problems.add("url_invalid", message, where=name, advice="Write it with https://, or leave it empty.")
        elif url:
            setattr(row, name, clean_url(url))
    return problems.found


def count_held(now: datetime) -> int:
    """Return how many confirmation mails are due and not queued."""
    return ConfirmationRequest.objects.filter(mail_due_at__lte=now, state=RequestState.WAITING).count()
