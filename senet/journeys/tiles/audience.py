"""Audience: where people enter, from segments and subscription lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from senet.journeys.tiles.base import Checking, Entrance

if TYPE_CHECKING:
    from senet.journeys.move import Move


class Source(BaseModel):
    """One segment or list of an audience."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["segment", "list"] = "segment"
    id: int | None = None
    containment: Literal["include", "exclude"] = "include"


class AudienceTile(Entrance):
    """Calls in the members of at least one included source, or of all, who are in no excluded one."""

    icon: ClassVar[str] = "people"
    kind: Literal["audience"] = "audience"
    sources: tuple[Source, ...] = ()
    merge: Literal["union", "intersection"] = "union"

    @property
    def included_segments(self) -> list[int]:
        """Return the segments whose members enter."""
        return self._ids("segment", "include")

    @property
    def included_lists(self) -> list[int]:
        """Return the lists whose members enter."""
        return self._ids("list", "include")

    @property
    def excluded_segments(self) -> list[int]:
        """Return the segments whose members stay out."""
        return self._ids("segment", "exclude")

    @property
    def needed(self) -> int:
        """Return of how many included sources a person must be a member."""
        return len(self.included_segments) + len(self.included_lists) if self.merge == "intersection" else 1

    def _ids(self, kind: str, containment: str) -> list[int]:
        found = {
            source.id
            for source in self.sources
            if source.kind == kind and source.containment == containment and source.id is not None
        }
        return sorted(found)

    def check(self, checking: Checking) -> None:
        if not self.sources:
            self.find("audience_missing", "The audience is empty.", checking, "Choose at least one segment or list.")
        elif all(source.containment == "exclude" for source in self.sources):
            advice = "Include at least one segment or list; what is excluded is taken away from it."
            self.find("only_exclusions", "The audience only excludes people, so nobody can enter.", checking, advice)
        for segment in sorted({*self.included_segments} & {*self.excluded_segments}):
            message = f"The segment {segment} is both included and excluded, so none of its members enters."
            self.find("source_excluded_too", message, checking, "Remove one of the two rows.", "warning")
        for source in self.sources:
            self._check_source(source, checking)

    def _check_source(self, source: Source, checking: Checking) -> None:
        if source.id is None:
            self.find(
                "source_missing", f"A {source.kind} is not chosen yet.", checking, "Choose one, or remove the row."
            )
        elif source.kind == "list":
            if source.id not in checking.facts.lists:
                self.find(
                    "list_missing", f"There is no subscription list {source.id}.", checking, "Choose another list."
                )
            if source.containment == "exclude":
                advice = "Make a segment of its members and exclude that."
                self.find("list_excluded", "A subscription list can only be included.", checking, advice)
        elif source.id not in checking.facts.segments:
            self.find("segment_missing", f"There is no segment {source.id}.", checking, "Choose another segment.")
        elif checking.facts.segments[source.id] != "live":
            message = f"The segment {source.id} is {checking.facts.segments[source.id]}, not live."
            self.find("segment_not_live", message, checking, "Take the segment live first.")

    def arrive(self, move: Move) -> bool:
        raise NotImplementedError("People enter at an audience tile; nobody arrives there from another tile.")
