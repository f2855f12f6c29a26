"""The vocabulary of this installation, read from its custom columns."""

from __future__ import annotations

from senet.content.fields import load_fields
from senet.content.translation.vocabulary import Vocabulary
from senet.people.columns import COMPANY_TEXTS, CONTACT_COLUMNS
from senet.people.custom import load_definitions


def load_vocabulary() -> Vocabulary:
    """Return what templates may name here, and what kind of value each path holds."""
    kinds = {f"contact.{column.name}": "text" for column in CONTACT_COLUMNS if column.kind != "consent"}
    kinds |= {"contact.name": "text", "contact.owner.name": "text", "contact.owner.email": "text"}
    kinds |= {f"{base}.{name}": "text" for base in ("company", "contact.company") for name in COMPANY_TEXTS}
    options: dict[str, tuple[str, ...]] = {}
    for entity, bases in (("contact", ("contact",)), ("company", ("company", "contact.company"))):
        for key, definition in load_definitions(entity).items():
            for base in bases:
                kinds[f"{base}.{key}"] = definition.kind
                if definition.kind in {"choice", "choices"}:
                    options[f"{base}.{key}"] = definition.options
    return Vocabulary(load_fields(), kinds, options)
