"""Imports a CSV file of contacts with companies, phone numbers and custom columns; then the same file once more.

Beside it: one bare COPY of the same rows, ready and valid, into a copy of the contact table with the same indexes. The
target is design 8's: a million rows within 60 seconds, in transactions that hold nobody up for much over a second.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

SIZE = 100_000
TARGETS = {"seconds_a_million": 60.0, "longest_chunk_seconds": 2.0}
_HEADINGS = (
    "Email", "First name", "Last name", "City", "Country", "Language", "Mobile phone", "Company", "Consent level",
    "Tier", "Points",
)  # fmt: skip
_COUNTRIES = ("Germany", "US", "FR", "Japan", "br")
_LANGUAGES = ("de", "en", "fr", "ja", "pt-BR")
_TIERS = ("gold", "silver", "bronze")


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:  # JSON
    """Return figures and ratios for `size` rows (0: 100,000)."""
    from benchmarks.engines import run_inside

    return run_inside("benchmarks.import_", size or SIZE, options["data_dir"])


def measure(size: int, folder: Path) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    from senet.people.importing.start import import_contacts
    from senet.people.models import CustomColumn

    CustomColumn.objects.create(entity="contact", key="tier", label="Tier", kind="choice", options=list(_TIERS))
    CustomColumn.objects.create(entity="contact", key="points", label="Points", kind="number")
    file = _write_file(size, folder)
    ends = [time.perf_counter()]
    outcome = import_contacts(file, progress=lambda _done, _total: ends.append(time.perf_counter()))
    seconds = time.perf_counter() - ends[0]
    started = time.perf_counter()
    again = import_contacts(file)
    again_seconds = time.perf_counter() - started
    peak_memory_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    bare_seconds = _copy_bare()
    ratios = {
        "seconds_a_million": seconds / size * 1_000_000,
        "longest_chunk_seconds": max((later - earlier for earlier, later in pairwise(ends[1:])), default=seconds),
        "over_bare_copy": seconds / bare_seconds,
        "again_over_first": again_seconds / seconds,
    }
    return {
        "figures": {
            "rows": size,
            "created": outcome.created,
            "unchanged_again": again.unchanged,
            "seconds": seconds,
            "rows_a_second": size / seconds,
            "again_seconds": again_seconds,
            "bare_copy_seconds": bare_seconds,
            "file_bytes": file.stat().st_size,
            "peak_memory_bytes": peak_memory_bytes,
        },
        "ratios": ratios,
        "targets": TARGETS,
        "within_target": outcome.created == again.unchanged == size
        and all(ratios[name] <= target for name, target in TARGETS.items()),
    }


def _write_file(size: int, folder: Path) -> Path:
    path = folder / "contacts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        writer.writerows(
            (
                f"person{n}@example{n % 997}.com", f"Given{n % 5003}", f"Família{n % 20011}", f"City {n % 701}",
                _COUNTRIES[n % 5], _LANGUAGES[n % 5], f"+4930{1_000_000 + n}", f"Company {n % 10007}", n % 6,
                _TIERS[n % 3], n % 1000,
            )
            for n in range(size)
        )  # fmt: skip
    return path


def _copy_bare() -> float:
    """Return the seconds that COPY needs for rows which nobody has to look at any more."""
    from django.db import connection

    ready = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_contact (LIKE contact INCLUDING DEFAULTS INCLUDING INDEXES)")
        with cursor.cursor.copy("COPY contact TO STDOUT") as out:
            for block in out:
                ready.write(block)
        started = time.perf_counter()
        with cursor.cursor.copy("COPY bare_contact FROM STDIN") as copy:
            copy.write(ready.getvalue())
        return time.perf_counter() - started


if __name__ == "__main__":
    import os

    from benchmarks.engines import set_up

    set_up()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]), Path(os.environ["SENET_DATA"]))) + "\n")
