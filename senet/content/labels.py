"""Labels: words with colours by which templates and blocks are found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from senet.content.models import Asset, ContentBlock, ContentLabel, EmailTemplate
from senet.shared.errors import Conflict, InvalidInput, NotFound

_COLOR = re.compile(r"#[0-9a-f]{6}")
MOST_LABELS = 20
# Enough contrast with white to be read: the colours that labels get in turn.
_PALETTE = ("#1f4fbf", "#0b6e4f", "#6b2fb3", "#8a4b08", "#22577a", "#b3261e", "#a3155f", "#3d405b")


def set_label(name: str, color: str) -> ContentLabel:
    """Make a label, or give it another colour. Raises: InvalidInput."""
    if not _COLOR.fullmatch(color.lower()):
        raise InvalidInput("A colour is written like #1f4fbf.", color="Six digits after #.")
    label, _ = ContentLabel.objects.update_or_create(name=_clean(name), defaults={"color": color.lower()})
    return label


def rename_label(label_id: int, name: str) -> ContentLabel:
    """Rename a label wherever it is used. Raises: NotFound, Conflict, InvalidInput."""
    label = _get(label_id)
    old, new = label.name, _clean(name)
    label.name = new
    try:
        with transaction.atomic():
            label.save()
    except IntegrityError as error:
        raise Conflict("There is a label by that name.") from error
    for model in (EmailTemplate, ContentBlock, Asset):
        for row in model.objects.select_for_update().filter(labels__contains=[old]):
            row.labels = list(dict.fromkeys(new if each == old else each for each in row.labels))
            row.save()
    return label


def delete_label(label_id: int) -> None:
    """Remove a label, from wherever it is used too. Raises: NotFound."""
    label = _get(label_id)
    for model in (EmailTemplate, ContentBlock, Asset):
        for row in model.objects.select_for_update().filter(labels__contains=[label.name]):
            row.labels = [each for each in row.labels if each != label.name]
            row.save()
    label.delete()


def ensure_labels(names: Sequence[str]) -> list[str]:
    """Return labels by their cleaned names; those that are new get a colour. Raises: InvalidInput."""
    cleaned = list(dict.fromkeys(_clean(name) for name in names))
    if len(cleaned) > MOST_LABELS:
        raise InvalidInput(f"There can be {MOST_LABELS} labels.", labels="Take some away.")
    known = set(ContentLabel.objects.filter(name__in=cleaned).values_list("name", flat=True))
    for name in cleaned:
        if name not in known:
            color = _PALETTE[sum(name.encode()) % len(_PALETTE)]
            ContentLabel.objects.get_or_create(name=name, defaults={"color": color})
    return cleaned


def _clean(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 60:
        raise InvalidInput("A label has between 1 and 60 characters.", labels="Name it.")
    return cleaned


def _get(label_id: int) -> ContentLabel:
    label = ContentLabel.objects.select_for_update().filter(pk=label_id).first()
    if label is None:
        raise NotFound("There is no label by that number.")
    return label
