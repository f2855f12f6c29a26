"""What the API of more than one room gives alike."""

from __future__ import annotations

from ninja import Schema


class ProblemOut(Schema):
    """One finding of a check: `senet.shared.errors.Problem`."""

    code: str
    message: str
    where: str
    severity: str
    advice: str
