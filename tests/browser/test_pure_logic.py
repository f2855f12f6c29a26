"""The user interface's own unit tests: what it decides without a browser."""

from __future__ import annotations

import subprocess

import pytest

from tests.browser.conftest import UI


@pytest.mark.browser
def test_the_user_interface_passes_its_unit_tests() -> None:
    done = subprocess.run(
        ["../tools/with-node", "npm", "run", "--silent", "test"],
        cwd=UI,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
