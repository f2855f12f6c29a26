"""Reads: an asset by the key in its address, its bytes a piece at a time, and addresses in a text that lead nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from senet.content.assets.actions import PIECE
from senet.content.models import Asset, AssetPiece

_KEY = re.compile(r"[\w-]{22}")


@dataclass(frozen=True, slots=True)
class PublicAsset:
    """What the door needs to serve an asset."""

    id: int
    name: str
    kind: str
    content_type: str
    size: int
    sha256: str


def make_asset_url(door_url: str, key: str, name: str) -> str:
    """Return the public address of an asset."""
    return f"{door_url.rstrip('/')}/a/{key}/{quote(name)}"


def find_public_asset(key: str) -> PublicAsset | None:
    """Return an asset by the key in its address, archived or not; None when there is none."""
    if not _KEY.fullmatch(key):
        return None
    row = Asset.objects.filter(key=key).values_list("id", "name", "kind", "content_type", "size", "sha256").first()
    return PublicAsset(*row) if row else None


def read_asset(asset_id: int, start: int, length: int) -> bytes:
    """Return some of an asset's bytes: at most what is left of the piece in which `start` lies."""
    number, offset = divmod(start, PIECE)
    content = AssetPiece.objects.filter(asset_id=asset_id, number=number).values_list("content", flat=True).first()
    return bytes(content)[offset : offset + length] if content is not None else b""


def read_whole_asset(asset_id: int) -> bytes:
    """Return all of an asset's bytes; for images, which are small."""
    pieces = AssetPiece.objects.filter(asset_id=asset_id).order_by("number").values_list("content", flat=True)
    return b"".join(bytes(piece) for piece in pieces)


def find_missing_assets(text: str, door_url: str) -> list[str]:
    """Return the addresses in a text that have an asset's form and lead to none."""
    found = re.findall(re.escape(f"{door_url.rstrip('/')}/a/") + r"([\w-]+)", text)
    wanted = dict.fromkeys(found)
    known = set(Asset.objects.filter(key__in=list(wanted)).values_list("key", flat=True))
    return [f"{door_url.rstrip('/')}/a/{key}" for key in wanted if key not in known]
