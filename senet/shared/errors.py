"""One base error. Each error is a sentence that says what to do, with a code for programs and an HTTP status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a check, shown with all the others at once.

    `where` is a path a person can follow ("subject", "tiles.3.wait"); severity is error, warning or information.
    """

    code: str
    message: str
    where: str = ""
    severity: str = "error"
    advice: str = ""


class SenetError(Exception):
    """Something went wrong in a way that its owner can mend."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, message: str | None = None, *, problems: Sequence[Problem] = (), **fields: object) -> None:
        self.message = message or (self.__doc__ or "").strip().splitlines()[0]
        self.problems = tuple(problems)
        self.fields: Mapping[str, object] = fields
        super().__init__(self.message)


class InvalidInput(SenetError):
    """The request holds a value that cannot be used."""

    code = "invalid_input"
    status = 422


class NotFound(SenetError):
    """There is nothing here by that name, or you may not see it."""

    code = "not_found"
    status = 404


class NotAllowed(SenetError):
    """Your role does not allow this. Ask an administrator."""

    code = "not_allowed"
    status = 403


class Conflict(SenetError):
    """The record is in a state that does not allow this."""

    code = "conflict"
    status = 409


@dataclass(slots=True)
class Problems:
    """Collects findings so that all are reported together."""

    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, message: str, *, where: str = "", severity: str = "error", advice: str = "") -> None:
        """Note one finding."""
        self.found.append(Problem(code, message, where, severity, advice))

    @property
    def errors(self) -> list[Problem]:
        """The findings that forbid going live."""
        return [problem for problem in self.found if problem.severity == "error"]
