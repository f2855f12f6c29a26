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


@dataclass(frozen=True, slots=True)
class LeadSource:
    """Where a lead came from: the tile of a journey, and the mail that it followed, if one did."""

    journey_id: int
    iteration: int
    tile: int
    email_id: int | None = None


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of a file's rows: processed = created + updated + unchanged + rejected."""

    run_id: int
    status: str
    total_rows: int
    processed: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        """What an operator reads at the end."""
        counts = (
            f"{self.processed:,} rows: {self.created:,} created, {self.updated:,} updated, "
            f"{self.unchanged:,} unchanged, {self.rejected:,} rejected."
        )
        return "\n".join([counts, *self.warnings])
