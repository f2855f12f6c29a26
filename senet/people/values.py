"""What crosses this room's door."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactSummary:
    """Who a contact is, in a line."""

    id: int
    first_name: str
    last_name: str
    email: str
    active: bool
    business_unit_id: int

    @property
    def name(self) -> str:
        """Both names, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()
