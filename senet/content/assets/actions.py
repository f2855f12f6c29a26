"""Writes: uploads are judged and kept, described, hidden, and removed when nothing shows them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from senet.content.assets.kinds import KINDS, LIMITS, MEGABYTE, FileKind, find_kind
from senet.content.assets.size import find_image_size
from senet.content.assets.svg import find_svg_fault
from senet.content.labels import ensure_labels
from senet.content.models import Asset, AssetPiece, ContentBlock, Email, EmailTemplate, EmailVersion
from senet.shared.errors import Conflict, InvalidInput, NotFound

PIECE = MEGABYTE  # bytes of one row
_WRITABLE = frozenset({"description", "labels", "archived"})
_UNSAFE_NAME = re.compile(r"[^\w.() -]+")


def add_asset(
    name: str,
    chunks: Iterable[bytes],
    *,
    business_unit_id: int,
    owner_id: int | None,
    description: str = "",
    labels: Sequence[str] = (),
) -> int:
    """Keep a file and return its asset's id; the file is read once, a piece at a time.

    Raises: InvalidInput when its type is not taken, its content is another's, or it is too large.
    """
    clean_name = clean_file_name(name)
    pieces = _cut(chunks)
    head = next(pieces, b"")
    kind = _judge(clean_name, head)
    with transaction.atomic():
        asset = Asset.objects.create(
            key=secrets.token_urlsafe(16),
            name=clean_name,
            kind=kind.group,
            content_type=kind.content_type,
            description=description.strip(),
            labels=ensure_labels(labels),
            owner_id=owner_id,
            business_unit_id=business_unit_id,
        )
        digest, size, content = _keep(asset, head, pieces, kind)
        if kind.content_type == "image/svg+xml" and (fault := find_svg_fault(content)):
            raise InvalidInput(fault, file=fault)
        asset.size, asset.sha256 = size, digest
        asset.width, asset.height = find_image_size(content) or (None, None)
        asset.save()
    return asset.pk


def change_asset(asset_id: int, values: Mapping[str, Any]) -> None:
    """Change what is said of an asset; its content never changes. Raises: NotFound, InvalidInput."""
    asset = Asset.objects.select_for_update().filter(pk=asset_id).first()
    if asset is None:
        raise NotFound("There is no asset by that number.")
    if unknown := values.keys() - _WRITABLE:
        raise InvalidInput(f"An asset has no {', '.join(sorted(unknown))} to set.")
    for column, value in values.items():
        setattr(asset, column, ensure_labels(value) if column == "labels" else value)
    asset.save()


def delete_asset(asset_id: int) -> None:
    """Remove an asset for good. Raises: NotFound; Conflict while something shows it, or a mail that left does."""
    asset = get_asset(asset_id)
    users = list_users(asset.key)
    if users:
        shown = ", ".join(users[:5])
        raise Conflict(f"It is shown by {shown}. Archive it instead: it leaves the library, and mails keep showing it.")
    asset.delete()


def get_asset(asset_id: int) -> Asset:
    """Return the row. Raises: NotFound."""
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None:
        raise NotFound("There is no asset by that number.")
    return asset


def list_users(key: str) -> list[str]:
    """Return the names of what shows an asset: drafts, templates, blocks, and published versions."""
    address = f"/a/{key}/"
    written = Q(source__contains=address) | Q(plain_text__contains=address)
    found = [f"the email “{name}”" for name in Email.objects.filter(written).values_list("name", flat=True)[:5]]
    for model, kind in ((EmailTemplate, "template"), (ContentBlock, "block")):
        rows = model.objects.filter(source__contains=address).values_list("name", flat=True)[:5]
        found += [f"the {kind} “{name}”" for name in rows]
    body, text = KeyTextTransform("source", "source"), KeyTextTransform("plain_text", "source")
    published = EmailVersion.objects.annotate(body=body, text=text)
    versions = published.filter(Q(body__contains=address) | Q(text__contains=address))
    return found + [f"version {each.number} of “{each.email.name}”" for each in versions.select_related("email")[:5]]


def clean_file_name(name: str) -> str:
    """Return a file's name without folders and without characters that mean something in an address or a header."""
    last = re.split(r"[\\/]", name)[-1]
    cleaned = _UNSAFE_NAME.sub("-", last).strip(" .-")
    stem, dot, ending = cleaned.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if dot and stem else cleaned[:100]


def _judge(name: str, head: bytes) -> FileKind:
    ending = name.rpartition(".")[2].lower()
    if not head:
        raise InvalidInput("The file is empty.", file="Choose a file with something in it.")
    if "." not in name or ending not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise InvalidInput(f"Files of this type are not taken. There are: {known}.", file="Save it as another type.")
    kind = find_kind(name, head)
    if kind is None:
        sentence = f"The content of this file is not that of a .{ending} file."
        raise InvalidInput(sentence, file=sentence)
    return kind


def _keep(asset: Asset, head: bytes, pieces: Iterator[bytes], kind: FileKind) -> tuple[str, int, bytes]:
    """Write the pieces; return the hash, the size, and the content of images."""
    digest, size, content = hashlib.sha256(), 0, bytearray()
    piece, number = head, 0
    while piece:
        size += len(piece)
        if size > LIMITS[kind.group]:
            limit = LIMITS[kind.group] // MEGABYTE
            plural = {"image": "Images", "file": "Files", "video": "Videos"}[kind.group]
            raise InvalidInput(f"{plural} have at most {limit} MB.", file=f"At most {limit} MB.")
        digest.update(piece)
        if kind.group == "image":
            content += piece
        AssetPiece.objects.create(asset=asset, number=number, content=piece)
        piece, number = next(pieces, b""), number + 1
    return digest.hexdigest(), size, bytes(content)


def _cut(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of one length, the last one shorter."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)
