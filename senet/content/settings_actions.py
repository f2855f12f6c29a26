"""Writes: content settings. Their values are read when a message is sent, so a change reaches every message to come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from senet.content.errors import FieldLocked
from senet.content.fields import SETTINGS
from senet.content.models import ContentSettings
from senet.content.urls import clean_url
from senet.content.values import SettingsStatus
from senet.shared.errors import Conflict, InvalidInput, NotFound

_WRITABLE = frozenset({"name", "address_main", "address_line_2", "subscription_center", "custom", "is_default"})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LIVE = frozenset({SettingsStatus.LIVE.value, SettingsStatus.LIVE_EDITABLE.value})
MAX_CUSTOM_COLUMNS = 100
MAX_CUSTOM_TEXT = 4_000


def create_content_settings(*, business_unit_id: int, **values: Any) -> int:
    """Make content settings and return their id; the first ever made become the default.

    Raises: FieldLocked, InvalidInput.
    """
    _check(values)
    first = not ContentSettings.objects.filter(is_default=True).exists()
    if values.get("is_default"):
        _clear_default()
    return ContentSettings.objects.create(
        business_unit_id=business_unit_id, **{**values, "is_default": first or values.get("is_default", False)}
    ).pk


def change_content_settings(settings_id: int, **values: Any) -> None:
    """Change some values. Live settings stay live, and messages sent from now on have the new values.

    Raises: NotFound, Conflict, FieldLocked, InvalidInput.
    """
    row = lock_content_settings(settings_id)
    _check(values)
    if row.status == SettingsStatus.EXPIRED:
        raise Conflict("These content settings have expired.")
    if values.get("is_default") is False and row.is_default:
        raise Conflict("There is always one default. Make other content settings the default instead.")
    if values.get("is_default") and not row.is_default:
        _clear_default()
    for name, value in values.items():
        setattr(row, name, value)
    if row.status in _LIVE:
        _check_ready(row)
    row.save()


def go_live_content_settings(settings_id: int) -> None:
    """Let messages be sent with these settings. Raises: NotFound, Conflict, InvalidInput."""
    row = lock_content_settings(settings_id)
    if row.status in _LIVE or row.status == SettingsStatus.EXPIRED:
        raise Conflict(f"These content settings are {row.status.replace('_', ', ')}.")
    _check_ready(row)
    row.status = SettingsStatus.LIVE.value
    row.save()


def stop_content_settings(settings_id: int) -> None:
    """Hold every message that uses these settings until they are live again. Raises: NotFound, Conflict."""
    row = lock_content_settings(settings_id)
    if row.status not in _LIVE:
        raise Conflict("Only live content settings can be stopped.")
    row.status = SettingsStatus.STOPPED.value
    row.save()


def delete_content_settings(settings_id: int) -> None:
    """Remove settings that were never live. Raises: NotFound, Conflict."""
    row = lock_content_settings(settings_id)
    if row.status != SettingsStatus.DRAFT:
        raise Conflict("These content settings have been live. Stop them instead.")
    if row.is_default:
        raise Conflict("This is the default. Make other content settings the default first.")
    row.delete()


def get_content_settings(settings_id: int) -> ContentSettings:
    """Return the row. Raises: NotFound."""
    row = ContentSettings.objects.filter(pk=settings_id).first()
    if row is None:
        raise NotFound("There are no content settings by that number.")
    return row


def lock_content_settings(settings_id: int) -> ContentSettings:
    """Return the row, held until the transaction ends. Raises: NotFound."""
    row = ContentSettings.objects.select_for_update().filter(pk=settings_id).first()
    if row is None:
        raise NotFound("There are no content settings by that number.")
    return row


def _clear_default() -> None:
    ContentSettings.objects.filter(is_default=True).update(is_default=False)


def _check_ready(row: ContentSettings) -> None:
    if not row.address_main.strip():
        raise InvalidInput("The postal address is empty. Mail needs one.", field="address_main")


def _check(values: Mapping[str, Any]) -> None:
    unknown = sorted(values.keys() - _WRITABLE)
    if unknown:
        raise FieldLocked(f"“{unknown[0]}” cannot be set.", field=unknown[0])
    if "name" in values and not values["name"].strip():
        raise InvalidInput("The name is empty.", field="name")
    centre = values.get("subscription_center", "")
    if centre and clean_url(centre) is None:
        raise InvalidInput("The subscription centre needs an http or https address.", field="subscription_center")
    _check_custom(values.get("custom", {}))


def _check_custom(custom: Mapping[str, Any]) -> None:
    if len(custom) > MAX_CUSTOM_COLUMNS:
        raise InvalidInput(f"There can be {MAX_CUSTOM_COLUMNS} custom columns.", field="custom")
    for key, value in custom.items():
        if not _KEY.fullmatch(key) or key in {*SETTINGS.split(), "custom"}:
            message = f"“{key[:64]}” is no name for a column: use small letters, digits and _."
            raise InvalidInput(message, field="custom")
        if not isinstance(value, str) or len(value) > MAX_CUSTOM_TEXT:
            raise InvalidInput(f"“{key}” must be a text of at most {MAX_CUSTOM_TEXT:,} characters.", field="custom")
