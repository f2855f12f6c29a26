"""Journey templates: drawings and settings to begin with. They are copied when used, and never linked.

Ten come with Senet, as files in `gallery`; they are read in at every start, so that a newer release brings newer ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from senet.accounts.access import list_units_below
from senet.accounts.values import Author
from senet.content.queries import find_default_content_settings
from senet.journeys.actions import create_journey
from senet.journeys.definition import read_definition
from senet.journeys.errors import JourneyNotFound, TemplateLocked, TemplateNotFound
from senet.journeys.locks import FREE
from senet.journeys.models import Journey, JourneyTemplate
from senet.journeys.references import SETTINGS_OF_RECORDS, keep_visible, without_references
from senet.shared.errors import InvalidInput

COPIED = FREE - {"name", "description", "definition", "start_at", "end_at", "template_id"}
_WRITABLE = frozenset({"name", "description", "purpose", "language", "tags", "definition", "settings"})
_GALLERY = Path(__file__).parent / "gallery"

Values = Mapping[str, Any]  # a template's columns


def save_as_template(journey_id: int, values: Values, *, author: Author, keep_references: bool = False) -> int:
    """Make a template of a journey as it is drawn now, and return its id.

    Records of this installation are left open, unless they are to be kept. Raises: JourneyNotFound, InvalidInput.
    """
    journey = Journey.objects.filter(pk=journey_id).first()
    if journey is None:
        raise JourneyNotFound
    settings = {name: getattr(journey, name) for name in COPIED}
    definition = journey.definition
    if not keep_references:
        definition, settings = without_references(definition), _without_records(settings)
    return create_template({**values, "definition": definition, "settings": settings}, author=author)


def _without_records(settings: Values) -> dict[str, Any]:
    return {name: None if name in SETTINGS_OF_RECORDS else value for name, value in settings.items()}


def create_template(values: Values, *, author: Author) -> int:
    """Make a template and return its id. Raises: InvalidInput."""
    template = JourneyTemplate(owner_id=author.user_id, business_unit_id=author.business_unit_id)
    _set(template, values)
    template.save()
    return template.pk


def update_template(template_id: int, values: Values) -> None:
    """Change a template; journeys made from it stay as they are. Raises: TemplateNotFound, TemplateLocked."""
    with transaction.atomic():
        template = _get_own(template_id)
        _set(template, values)
        template.save()


def delete_template(template_id: int) -> None:
    """Remove a template; journeys made from it stay. Raises: TemplateNotFound, TemplateLocked."""
    with transaction.atomic():
        _get_own(template_id).delete()


def _get_own(template_id: int) -> JourneyTemplate:
    template = JourneyTemplate.objects.select_for_update().filter(pk=template_id).first()
    if template is None:
        raise TemplateNotFound
    if template.shipped:
        raise TemplateLocked
    return template


def _set(template: JourneyTemplate, values: Values) -> None:
    unknown = values.keys() - _WRITABLE
    if unknown:
        raise InvalidInput(f"A template has no {', '.join(sorted(unknown))}.")
    for name, value in values.items():
        setattr(template, name, value)
    if not template.name.strip():
        raise InvalidInput("Give the template a name.", field="name")
    if foreign := template.settings.keys() - COPIED:
        raise InvalidInput(f"A template has no setting {', '.join(sorted(foreign))}.", field="settings")
    template.definition = read_definition(template.definition).as_json()
    template.target = str(template.settings.get("target", "contact"))
    template.recurring = bool(template.settings.get("is_recurring", False))


def create_from_template(template_id: int, *, author: Author, now: datetime, name: str = "") -> int:
    """Draw a new journey from a template and return its id; it starts in the next full hour unless told otherwise.

    Records that the author's business unit does not have are left open. Raises: TemplateNotFound, InvalidInput.
    """
    template = JourneyTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise TemplateNotFound
    units = list_units_below(author.business_unit_id)
    definition, settings = keep_visible(template.definition, template.settings, units)
    settings.setdefault("content_settings_id", None)
    if settings["content_settings_id"] is None:
        settings["content_settings_id"] = find_default_content_settings()
    return create_journey(
        author=author,
        now=now,
        name=name.strip() or template.name,
        description=template.description,
        definition=definition,
        start_at=now.replace(minute=0) + timedelta(hours=1),
        template_id=template.pk,
        **settings,
    )


def list_choices(words: Iterable[tuple[str, str, Sequence[str]]]) -> dict[str, list[str]]:
    """Return what templates with these purposes, languages and tags can be filtered by, each value once."""
    purposes, languages, tags = set[str](), set[str](), set[str]()
    for purpose, language, marks in words:
        purposes.add(purpose)
        languages.add(language)
        tags.update(marks)
    return {"purposes": sorted(purposes - {""}), "languages": sorted(languages - {""}), "tags": sorted(tags)}


def read_gallery() -> list[dict[str, Any]]:
    """Return the templates that come with Senet, as their files have them."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(_GALLERY.glob("*.json"))]


def ensure_gallery() -> None:
    """Bring the shipped templates up to date; running it again changes nothing."""
    shipped = read_gallery()
    with transaction.atomic():
        for values in shipped:
            found = JourneyTemplate.objects.filter(key=values["key"]).first()
            template = found or JourneyTemplate(key=values["key"], shipped=True)
            before = _as_values(template) if found else None
            _set(template, {name: values[name] for name in _WRITABLE})
            if _as_values(template) != before:
                template.save()
        JourneyTemplate.objects.filter(shipped=True).exclude(key__in=[each["key"] for each in shipped]).delete()


def _as_values(template: JourneyTemplate) -> dict[str, Any]:
    return {name: getattr(template, name) for name in _WRITABLE}
