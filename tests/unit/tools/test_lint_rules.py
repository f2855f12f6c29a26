"""Every rule of tools/lint has an example that passes and one that does not."""

from __future__ import annotations

import pytest

from tools.lint.rules import Rule, names_say_something, no_signals, one_clock, sql_files

EXAMPLES = [
    (no_signals, "senet/people/actions.py", "from django.db import models\n", True),
    (no_signals, "senet/people/actions.py", "from django.dispatch import receiver\n", False),
    (no_signals, "senet/people/actions.py", "from django.db.models.signals import post_save\n", False),
    (one_clock, "senet/shared/clock.py", "return datetime.now(UTC)\n", True),
    (one_clock, "senet/journeys/engine.py", "started = time.perf_counter()\n", True),
    (one_clock, "senet/journeys/engine.py", "now = datetime.now(UTC)\n", False),
    (one_clock, "tests/unit/test_x.py", "now = datetime.now(UTC)\n", True),
    (sql_files, "senet/people/sql/find.sql", "-- Find.\nSELECT %(id)s, 100 %% 7\n", True),
    (sql_files, "senet/people/sql/find.sql", "SELECT 1\n", False),
    (sql_files, "senet/people/sql/find.sql", "-- Find.\nSELECT %s\n", False),
    (names_say_something, "senet/people/address.py", "", True),
    (names_say_something, "senet/people/utils.py", "", False),
]


@pytest.mark.parametrize(("rule", "path", "text", "passes"), EXAMPLES)
def test_a_rule_finds_what_it_is_for_and_nothing_else(rule: Rule, path: str, text: str, passes: bool) -> None:
    assert (list(rule(path, text)) == []) is passes
