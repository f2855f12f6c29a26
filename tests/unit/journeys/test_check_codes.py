"""Every code of the check for errors is in the registry, as grave as the source says, and on the page."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from senet.journeys import check_codes
from senet.journeys.check_codes import CODES, GROUPS, CheckCode
from senet.journeys.reference import make_page

_ROOT = Path(__file__).resolve().parents[3]
_ROOM = _ROOT / "senet/journeys"
_SEVERITIES = {"error", "warning", "information"}
# Where a call of each name has the severity: its place among the arguments, when it is not given by name.
_SEVERITY_AT = {"find": 4, "add": None, "Problem": 3}
_ELSEWHERE = {"activities.py", "usage.py"}  # answers the audiences room, not the check


@dataclass(frozen=True)
class Call:
    """A call by which a check says what it found."""

    where: str
    node: ast.Call
    name: str
    constants: Mapping[str, str]  # of the module

    @property
    def code(self) -> str | None:
        """The code that is given; None for Tile.find, which hands on the one that it was given."""
        given = self.node.args[0]
        if isinstance(given, ast.Name) and given.id == "code":
            return None
        if isinstance(given, ast.Name):
            return self.constants[given.id]
        assert isinstance(given, ast.Constant), f"{self.where}: write the code as a literal, so that it can be found"
        return str(given.value)


def _find_calls() -> Iterator[Call]:
    """Yield the calls by which the room's checks say what they found."""
    for path in sorted(_ROOM.rglob("*.py")):
        if path.name in _ELSEWHERE or "migrations" in path.parts:
            continue
        module = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            str(each.targets[0].id): str(each.value.value)
            for each in module.body
            if isinstance(each, ast.Assign)
            and isinstance(each.targets[0], ast.Name)
            and isinstance(each.value, ast.Constant)
        }
        for node in ast.walk(module):
            if not isinstance(node, ast.Call):
                continue
            match node.func:
                case ast.Attribute(attr="find") if len(node.args) >= 3:
                    name = "find"
                case ast.Attribute(attr="add", value=ast.Name(id="problems") | ast.Attribute(attr="problems")):
                    name = "add"
                case ast.Name(id="Problem"):
                    name = "Problem"
                case _:
                    continue
            yield Call(f"{path.relative_to(_ROOT)}:{node.lineno}", node, name, constants)


def _read_severity(node: ast.Call, name: str) -> set[str]:
    """Return the severities that a call may give; an expression may give several."""
    place = _SEVERITY_AT[name]
    given = next((each.value for each in node.keywords if each.arg == "severity"), None)
    if given is None and place is not None and len(node.args) > place:
        given = node.args[place]
    if given is None:
        return {"error"}
    return {each.value for each in ast.walk(given) if isinstance(each, ast.Constant) and each.value in _SEVERITIES}


def _gather() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for call in _find_calls():
        if call.code is not None:
            found.setdefault(call.code, set()).update(_read_severity(call.node, call.name))
    return found


def test_no_code_is_declared_twice() -> None:
    assert len(check_codes._ALL) == len(CODES)


def test_every_code_in_the_source_is_in_the_registry_and_none_is_left_over() -> None:
    assert _gather().keys() == CODES.keys()


def test_the_registry_knows_how_grave_each_finding_is() -> None:
    assert {code: set(each.severities) for code, each in CODES.items()} == _gather()


@pytest.mark.parametrize("each", CODES.values(), ids=lambda each: each.code)
def test_a_code_has_a_sentence_and_advice(each: CheckCode) -> None:
    assert each.concerns in GROUPS
    assert each.finds.endswith(".")
    assert each.advice.endswith(".")


def test_the_page_is_what_the_registry_says() -> None:
    page = (_ROOT / "docs/reference/journey-checks.md").read_text(encoding="utf-8")
    assert page == make_page(), "Run: python -m senet.journeys.reference > docs/reference/journey-checks.md"
