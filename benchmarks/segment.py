"""Evaluates a dynamic segment over contacts with companies and custom columns, whole and by the delta.

Beside it: one bare statement that finds the same people by hand-written SQL and writes as many rows, into copies of the
tables with the same indexes. Then one contact in a hundred changes, and the second evaluation should cost only that.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

SIZE = 100_000
CHANGED_SHARE = 100
ROUNDS = 3  # the best counts: other processes share the machine
TARGETS = {"whole_over_bare": 3.0, "delta_over_whole": 0.25, "estimate_seconds_a_million": 3.0}
DEFINITION = {
    "kind": "group",
    "join": "and",
    "items": [
        {"kind": "clause", "field": "contact.country", "operator": "is_in", "values": ["DE", "FR"]},
        {"kind": "clause", "field": "contact.consent_level", "operator": "at_least", "values": [3]},
        {
            "kind": "group",
            "join": "or",
            "items": [
                {"kind": "clause", "field": "contact.custom.points", "operator": "greater", "values": [20]},
                {"kind": "clause", "field": "company.industry", "operator": "is", "values": ["tools"]},
                {"kind": "clause", "field": "contact.custom.birthday", "operator": "anniversary_month", "values": [5]},
            ],
        },
    ],
}
_BARE = """
WITH wanted AS MATERIALIZED (
    SELECT contact.id FROM contact LEFT JOIN company ON company.id = contact.company_id
    WHERE contact.country IN ('DE', 'FR') AND contact.consent_level >= 3
        AND ((contact.custom ->> 'points')::numeric > 20 OR company.industry = 'Tools'
            OR substr(contact.custom ->> 'birthday', 6, 2) = '05')
), come AS (
    INSERT INTO bare_member (segment_id, contact_id, joined_at) SELECT 1, id, now() FROM wanted RETURNING contact_id
)
INSERT INTO bare_change (kind, audience_id, contact_id, change, by, at)
SELECT 'segment', 1, contact_id, 1, 'rule', now() FROM come
"""


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:  # JSON
    """Return figures and ratios for `size` contacts (0: 100,000)."""
    from benchmarks.engines import run_inside

    return run_inside("benchmarks.segment", size or SIZE, options["data_dir"])


def measure(size: int) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    from django.db import connection

    from senet.audiences import actions, queries
    from senet.audiences.definition import parse_definition
    from senet.shared.clock import utc_now

    _fill(size)
    definition = parse_definition(DEFINITION)
    bare_seconds, bare_rows = min(_write_bare() for _ in range(ROUNDS))
    estimate_seconds = min(_time(lambda: queries.estimate(definition, "UTC", utc_now())) for _ in range(ROUNDS))
    wholes = [_evaluate_new() for _ in range(ROUNDS)]
    segment_id, whole = min(wholes, key=lambda pair: pair[1].seconds)
    again_seconds = min(actions.evaluate_segment(segment_id, utc_now(), full=True).seconds for _ in range(ROUNDS))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contact SET consent_level = 5 - consent_level WHERE id %% %s = 0", [CHANGED_SHARE])
        changed = cursor.rowcount
    delta = actions.evaluate_segment(segment_id, utc_now(), full=False)
    idle = actions.evaluate_segment(segment_id, utc_now(), full=False)
    return _report(
        {
            "contacts": size,
            "members": whole.size,
            "bare_members": bare_rows,
            "bare_seconds": bare_seconds,
            "estimate_seconds": estimate_seconds,
            "whole_seconds": whole.seconds,
            "whole_again_seconds": again_seconds,
            "changed_contacts": changed,
            "delta_moved": delta.added + delta.removed,
            "delta_seconds": delta.seconds,
            "idle_delta_seconds": idle.seconds,
        }
    )


def _report(figures: dict[str, Any]) -> dict[str, Any]:
    ratios = {
        "whole_over_bare": figures["whole_seconds"] / figures["bare_seconds"],
        "delta_over_whole": figures["delta_seconds"] / figures["whole_seconds"],
        "estimate_seconds_a_million": figures["estimate_seconds"] * 1_000_000 / figures["contacts"],
    }
    return {
        **{name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()},
        "ratios": {name: round(ratio, 3) for name, ratio in ratios.items()},
        "targets": TARGETS,
        "within_target": figures["members"] == figures["bare_members"]
        and all(ratios[name] <= target for name, target in TARGETS.items()),
    }


def _time(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _write_bare() -> tuple[float, int]:
    """The bare statement's time and rows, into empty tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bare_member, bare_change")
        return _time(lambda: cursor.execute(_BARE)), cursor.rowcount


def _evaluate_new() -> tuple[int, Any]:  # an Evaluation; Django is not set up when this file is read
    """A new segment's id and its first evaluation."""
    from senet.audiences import actions
    from senet.shared.clock import utc_now

    segment_id = actions.create_segment(
        name="Benchmark", kind="dynamic", definition=DEFINITION, business_unit_id=_find_unit()
    )
    actions.go_live(segment_id)
    return segment_id, actions.evaluate_segment(segment_id, utc_now())


def _find_unit() -> int:
    from senet.accounts.actions import ensure_main_unit

    return ensure_main_unit()


def _fill(size: int) -> None:
    """Contacts of eight countries, a third of them at one of a thousand companies."""
    from django.db import connection

    from senet.people.models import CustomColumn

    CustomColumn.objects.create(entity="contact", key="points", label="Points", kind="number")
    CustomColumn.objects.create(entity="contact", key="birthday", label="Birthday", kind="date")
    unit = _find_unit()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO company (name, website, industry, country, city, business_unit_id) SELECT 'C' || n, '',"
            " (ARRAY['Tools', 'Food', 'Books', 'Health'])[1 + n %% 4], 'DE', '', %s FROM generate_series(1, 1000) AS n",
            [unit],
        )
        cursor.execute(
            "INSERT INTO contact (first_name, last_name, email, country, city, consent_level, company_id, custom,"
            " business_unit_id) SELECT 'First' || n %% 997, 'Last' || n %% 9973, 'p' || n || '@example.com',"
            " (ARRAY['DE', 'FR', 'US', 'GB', 'ES', 'IT', 'SE', 'JP'])[1 + n %% 8], 'City' || n %% 101, n / 8 %% 6,"
            " CASE WHEN n %% 3 = 0 THEN (SELECT min(id) FROM company) + n / 3 %% 1000 END,"
            " jsonb_build_object('points', n / 48 %% 40, 'birthday', (date '1960-01-01' + n %% 15000)::text), %s"
            " FROM generate_series(1, %s) AS n",
            [unit, size],
        )
        for name, table in (("bare_member", "segment_member"), ("bare_change", "membership_change")):
            cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
        cursor.execute("VACUUM ANALYZE contact, company")


if __name__ == "__main__":
    from benchmarks.engines import set_up

    set_up()
    print(json.dumps(measure(int(sys.argv[1]))))
