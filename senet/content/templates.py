"""Email templates and content blocks: what emails begin with and what is put into them. Always copied, never linked.

Twelve templates come with Senet, as files in `gallery`; they are read in at every start, so that a newer release brings
newer ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from senet.accounts.models import User
from senet.accounts.values import Author
from senet.content.actions import change_email, create_email, get_email
from senet.content.errors import EmailTemplateLocked
from senet.content.labels import ensure_labels
from senet.content.models import ContentBlock, EmailTemplate
from senet.shared.errors import InvalidInput, NotFound

COPIED = ("language", "subject", "preheader", "legal_designation", "source_kind", "source")
_WRITABLE = frozenset({"name", "description", "purpose", "labels", *COPIED})
_BLOCK_WRITABLE = frozenset({"name", "description", "labels", "source_kind", "source"})
_GALLERY = Path(__file__).parent / "gallery"

Values = Mapping[str, Any]  # columns by name


def create_template(values: Values, *, author: Author) -> int:
    """Make a template and return its id. Raises: InvalidInput."""
    template = EmailTemplate(owner_id=author.user_id, business_unit_id=author.business_unit_id)
    _set(template, values, _WRITABLE)
    template.save()
    return template.pk


def save_as_template(email_id: int, values: Values, *, author: Author) -> int:
    """Make a template of an email as it is now, and return its id. Raises: NotFound, InvalidInput."""
    email = get_email(email_id)
    copied = {name: getattr(email, name) for name in COPIED}
    return create_template({**copied, "name": email.name, **values}, author=author)


def update_template(template_id: int, values: Values) -> None:
    """Change a template; emails made from it stay as they are. Raises: NotFound, EmailTemplateLocked, InvalidInput."""
    template = _get_own(template_id)
    _set(template, values, _WRITABLE)
    template.save()


def delete_template(template_id: int) -> None:
    """Remove a template; emails made from it stay. Raises: NotFound, EmailTemplateLocked."""
    _get_own(template_id).delete()


def get_template(template_id: int) -> EmailTemplate:
    """Return the row. Raises: NotFound."""
    template = EmailTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise NotFound("There is no email template by that number.")
    return template


def create_email_from_template(template_id: int, *, author: Author, name: str = "") -> int:
    """Make a draft that begins as a template, from its author, and return its id. Raises: NotFound."""
    template = get_template(template_id)
    values = {column: getattr(template, column) for column in COPIED}
    user = User.objects.filter(pk=author.user_id).first() if author.user_id else None
    sender = {"from_name": user.name, "from_address": user.email} if user else {}
    return create_email(
        business_unit_id=author.business_unit_id,
        owner_id=author.user_id,
        name=name.strip() or template.name,
        **values,
        **sender,
    )


def apply_template(email_id: int, template_id: int) -> None:
    """Replace an email's body by a template's; its header fields stay. Raises: NotFound, FieldLocked."""
    template = get_template(template_id)
    change_email(email_id, source_kind=template.source_kind, source=template.source)


def create_block(values: Values, *, author: Author) -> int:
    """Make a content block and return its id. Raises: InvalidInput."""
    block = ContentBlock(owner_id=author.user_id, business_unit_id=author.business_unit_id)
    _set(block, values, _BLOCK_WRITABLE)
    block.save()
    return block.pk


def update_block(block_id: int, values: Values) -> None:
    """Change a block; emails that it was put into stay as they are. Raises: NotFound, InvalidInput."""
    block = ContentBlock.objects.select_for_update().filter(pk=block_id).first()
    if block is None:
        raise NotFound("There is no content block by that number.")
    _set(block, values, _BLOCK_WRITABLE)
    block.save()


def get_block(block_id: int) -> ContentBlock:
    """Return the row. Raises: NotFound."""
    block = ContentBlock.objects.filter(pk=block_id).first()
    if block is None:
        raise NotFound("There is no content block by that number.")
    return block


def read_gallery() -> list[dict[str, Any]]:
    """Return the templates that come with Senet, as their files have them."""
    listed: list[dict[str, Any]] = json.loads((_GALLERY / "index.json").read_text(encoding="utf-8"))
    return [
        {**each, "source_kind": "mjml", "source": (_GALLERY / f"{each['key']}.mjml").read_text(encoding="utf-8")}
        for each in listed
    ]


def ensure_gallery() -> None:
    """Bring the shipped templates up to date; running it again changes nothing."""
    shipped = read_gallery()
    with transaction.atomic():
        for values in shipped:
            found = EmailTemplate.objects.select_for_update().filter(key=values["key"]).first()
            template = found or EmailTemplate(key=values["key"], shipped=True)
            before = _as_values(template) if found else None
            _set(template, {name: value for name, value in values.items() if name != "key"}, _WRITABLE)
            if _as_values(template) != before:
                template.save()
        EmailTemplate.objects.filter(shipped=True).exclude(key__in=[each["key"] for each in shipped]).delete()


def _as_values(template: EmailTemplate) -> dict[str, Any]:
    return {name: getattr(template, name) for name in _WRITABLE}


def _get_own(template_id: int) -> EmailTemplate:
    template = EmailTemplate.objects.select_for_update().filter(pk=template_id).first()
    if template is None:
        raise NotFound("There is no email template by that number.")
    if template.shipped:
        raise EmailTemplateLocked
    return template


def _set(row: EmailTemplate | ContentBlock, values: Values, writable: frozenset[str]) -> None:
    unknown = values.keys() - writable
    if unknown:
        raise InvalidInput(f"There is no {', '.join(sorted(unknown))} to set.")
    for name, value in values.items():
        setattr(row, name, ensure_labels(value) if name == "labels" else value)
    if not row.name.strip():
        raise InvalidInput("Give it a name.", field="name")
