"""Reads: published versions, their links, content settings as templates see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count

from senet.content.models import ContentSettings, Email, EmailLink, EmailVersion
from senet.content.values import CompiledEmail, Link, LinkKind, PublishedEmail, SettingsStatus
from senet.shared.errors import NotFound

LIVE_SETTINGS = frozenset({SettingsStatus.LIVE.value, SettingsStatus.LIVE_EDITABLE.value})


def get_published(email_version_id: int) -> PublishedEmail:
    """Return one published version. Raises: NotFound."""
    row = EmailVersion.objects.select_related("email").filter(pk=email_version_id).first()
    if row is None:
        raise NotFound("There is no published email by that number.")
    return PublishedEmail(row.email_id, row.pk, row.number, row.email.name, CompiledEmail.from_json(row.compiled))


def find_live_versions(email_ids: Iterable[int]) -> dict[int, int]:
    """Return the version that each email sends now; emails that never went live are left out."""
    rows = Email.objects.filter(pk__in=list(email_ids), live_version_id__isnull=False)
    return {
        email_id: int(version_id) for email_id, version_id in rows.values_list("id", "live_version_id") if version_id
    }


def load_links(version_ids: Iterable[int]) -> dict[tuple[int, int], Link]:
    """Return the links of some versions by (version, number)."""
    rows = EmailLink.objects.filter(version_id__in=list(version_ids))
    return {
        (version_id, number): Link(number, url, label, kind, dynamic)
        for version_id, number, url, label, kind, dynamic in rows.values_list(
            "version_id", "number", "url", "label", "kind", "dynamic"
        )
    }


def count_links(version_ids: Iterable[int]) -> dict[int, int]:
    """Return how many links that lead away some versions have; those that never were are left out."""
    rows = EmailLink.objects.filter(version_id__in=list(version_ids), kind=LinkKind.URL.value)
    return dict(rows.values("version_id").annotate(links=Count("id")).values_list("version_id", "links"))


def find_default_content_settings() -> int | None:
    """Return the id of the default content settings, if there are any."""
    return ContentSettings.objects.filter(is_default=True).values_list("id", flat=True).first()


def content_settings_for_render(content_settings_id: int | None) -> Mapping[str, object]:
    """Return what templates see of content settings, read now. Without an id: the default's, or empty values.

    Raises: NotFound.
    """
    rows = ContentSettings.objects.all()
    row = (
        rows.filter(is_default=True).first()
        if content_settings_id is None
        else rows.filter(pk=content_settings_id).first()
    )
    if row is None:
        if content_settings_id is None:
            return {"name": "", "address_main": "", "address_line_2": "", "subscription_center": "", "custom": {}}
        raise NotFound("There are no content settings by that number.")
    return {
        **row.custom,
        "name": row.name,
        "address_main": row.address_main,
        "address_line_2": row.address_line_2,
        "subscription_center": row.subscription_center,
        "custom": row.custom,
    }


def content_settings_are_live(content_settings_id: int) -> bool:
    """Whether messages may be sent with these settings now; while not, people wait at the email tile."""
    return ContentSettings.objects.filter(pk=content_settings_id, status__in=LIVE_SETTINGS).exists()
