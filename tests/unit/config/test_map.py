"""The map and the indexes name everything that exists."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]


def test_every_room_is_on_the_map() -> None:
    drawn = (_ROOT / "docs/map.md").read_text(encoding="utf-8")
    rooms = [folder.name for folder in (_ROOT / "senet").iterdir() if (folder / "__init__.py").is_file()]
    assert [room for room in rooms if f"`senet/{room}`" not in drawn] == []


def test_every_room_has_a_sign_at_its_door() -> None:
    rooms = [path for path in (_ROOT / "senet").glob("*/__init__.py") if path.parent.name != "config"]
    assert [path.parent.name for path in rooms if not path.read_text(encoding="utf-8").startswith('"""')] == []


def test_every_decision_is_in_the_index() -> None:
    folder = _ROOT / "docs/decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in folder.glob("[0-9]*.md") if f"]({path.name})" not in index] == []
