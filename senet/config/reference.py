"""Writes docs/reference/settings.md from the settings themselves; a test holds the page to it."""

from __future__ import annotations

import sys

from senet.config.environment import Environment

_HEAD = """# Settings

Environment variables, read once when a process starts. This page is generated (`make reference`); do not edit it.

| variable | default | what it is |
|---|---|---|
"""


def write_settings_page() -> str:
    """Return the page's text."""
    lines = []
    for name, field in Environment.model_fields.items():
        variable = str(field.validation_alias or f"SENET_{name.upper()}")
        default = "" if field.default in ("", None) else f"`{field.default}`"
        lines.append(f"| `{variable}` | {default} | {field.description or ''} |")
    return _HEAD + "\n".join(sorted(lines)) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write_settings_page())
