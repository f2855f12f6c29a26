"""What the reference model of journeys keeps and looks at: stays, decisions, deeds, and the world outside journeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


@dataclass
class Visit:
    """A person's stay at a tile."""

    arrived_at: datetime
    due_at: datetime | None = None
    left_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    branch: int | None = None


@dataclass
class Decision:
    """Which way a company goes at an if/then tile, if it has decided."""

    arrived_at: datetime
    due_at: datetime
    branch: int | None = None


class Change(NamedTuple):
    """Somebody joined (+1) or left (-1) a segment or list."""

    kind: str
    audience: int
    person: int
    by_how_much: int
    by: str


class Deed(NamedTuple):
    """Something that a person did, or that happened to their message. Robots' deeds are not written down here."""

    type: str
    person: int
    at: datetime
    iteration: int = 0  # of a message
    tile: int = 0
    link: int = 0
    form: int | None = None
    response: str = ""
    keyword: str = ""


@dataclass
class Outside:
    """What journeys look at and do not own."""

    members: dict[tuple[str, int], set[int]]  # ("segment" or "list", its number) → people
    same_url: Mapping[int, tuple[int, ...]]  # link → the links with its address
    consent: dict[int, int]
    company: Mapping[int, int | None]
    protected: Mapping[int, frozenset[int]]  # channel → whom its compliance column protects
    deleted: set[int] = field(default_factory=set)
    elsewhere: set[int] = field(default_factory=set)  # who belongs to another business unit than the journey
    settings_live: bool = True
    deeds: list[Deed] = field(default_factory=list)
    # Since the last tick:
    changes: list[Change] = field(default_factory=list)
    consented: list[int] = field(default_factory=list)  # whose consent changed
    transferred: list[int] = field(default_factory=list)  # whose business unit changed
    read: int = 0  # deeds before are read

    def join(self, kind: str, audience: int, person: int, by: str) -> None:
        """Become a member."""
        if person not in self.deleted and person not in self.members[kind, audience]:
            self.members[kind, audience].add(person)
            self.changes.append(Change(kind, audience, person, 1, by))

    def leave(self, kind: str, audience: int, person: int, by: str) -> None:
        """Be no member any more."""
        if person in self.members[kind, audience]:
            self.members[kind, audience].remove(person)
            self.changes.append(Change(kind, audience, person, -1, by))

    def agree(self, person: int, level: int) -> None:
        """Give another level of consent."""
        if person not in self.deleted and self.consent[person] != level:
            self.consent[person] = level
            self.consented.append(person)

    def transfer(self, person: int, away: bool) -> None:
        """Go to another business unit, or come back."""
        if person not in self.deleted and (person in self.elsewhere) != away:
            (self.elsewhere.add if away else self.elsewhere.remove)(person)
            self.transferred.append(person)

    def list_colleagues(self, company: int) -> list[int]:
        """Return who belongs to a company."""
        return [each for each, other in self.company.items() if other == company and each not in self.deleted]

    def delete(self, person: int) -> None:
        """Cease to exist."""
        for kind, audience in self.members:
            self.leave(kind, audience, person, "user")
        self.deleted.add(person)

    def is_read(self) -> None:
        """Note that a tick has read everything."""
        self.changes, self.consented, self.transferred, self.read = [], [], [], len(self.deeds)
