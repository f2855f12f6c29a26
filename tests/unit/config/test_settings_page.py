"""The settings' reference page is generated and complete."""

from __future__ import annotations

from pathlib import Path

from senet.config.environment import Environment
from senet.config.reference import write_settings_page

_ROOT = Path(__file__).resolve().parents[3]


def test_the_reference_page_is_the_one_the_settings_make() -> None:
    committed = (_ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert committed == write_settings_page(), "run `make reference` and commit what it changed"


def test_every_setting_is_described() -> None:
    nameless = [name for name, field in Environment.model_fields.items() if not field.description]
    assert nameless == []
