"""A provider as an operator set it, and how a stranger's JSON is read: nothing in it has a type that one may trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class EspSettings:
    """One provider as an operator set it."""

    kind: str
    options: Mapping[str, Any] = field(repr=False)  # keyword arguments of Anymail's backend
    webhook: Mapping[str, str] = field(repr=False)  # keyword arguments of its webhook; empty: it takes none
    connections: int = 8
    rate: float | None = None
    return_path: bool = False  # mails carry our return path, where the provider takes one

    @property
    def name(self) -> str:
        """What the provider is called in rate limits, logs and the webhook's address."""
        return self.kind


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return an object of a stranger's JSON; what is none is empty."""
    return value if isinstance(value, Mapping) else {}


def as_text(value: object) -> str:
    """Return a text of a stranger's JSON; what is none is empty."""
    return value if isinstance(value, str) else ""
