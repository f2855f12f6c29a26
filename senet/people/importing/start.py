"""Starts imports: from an upload, whose job follows, or from a command, in its own process."""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings

from senet.accounts.access import SEES_EVERYTHING, list_unit_ids
from senet.accounts.actions import ensure_main_unit
from senet.accounts.values import Principal
from senet.people.custom import load_definitions
from senet.people.importing.file import open_csv
from senet.people.importing.mapping import check_mapping, suggest_mapping
from senet.people.importing.rejected import read_rejected
from senet.people.importing.run import Progress, run_import
from senet.people.models import ImportRun
from senet.people.values import ImportOutcome
from senet.shared.csv_export import neutralise


def start_import(
    path: Path,
    *,
    filename: str,
    principal: Principal | None,
    key: str = "email",
    mapping: Mapping[str, str] | None = None,
    encoding: str = "",
    delimiter: str = "",
) -> int:
    """Note an import of a file that stays where it is and return its number; `run_import` does the work.

    Without a mapping the headings' names decide; without a principal the operator imports, into the root unit.
    Raises: BadFile, BadMapping.
    """
    file = open_csv(path, encoding=encoding, delimiter=delimiter)
    definitions = load_definitions("contact")
    mapping = suggest_mapping(file.headings, definitions) if mapping is None else mapping
    check_mapping(mapping, headings=file.headings, key=key, definitions=definitions)
    everywhere = principal is None or principal.role in SEES_EVERYTHING
    run = ImportRun.objects.create(
        filename=filename[:200],
        path=str(path),
        key=key,
        mapping=dict(mapping),
        options={
            "encoding": encoding,
            "delimiter": delimiter,
            "units": None if principal is None or everywhere else sorted(list_unit_ids(principal)),
        },
        user_id=None if principal is None else principal.user_id,
        business_unit_id=ensure_main_unit() if principal is None else principal.business_unit_id,
    )
    return run.pk


def keep_upload(chunks: Iterable[bytes]) -> Path:
    """Copy an uploaded file to where the worker finds it."""
    folder = Path(settings.DATA_DIR) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(16)}.csv"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
    except BaseException:  # no room on the disk, most likely: leave none of it taken
        path.unlink(missing_ok=True)
        raise
    return path


def forget_upload(run_id: int) -> None:
    """Remove an uploaded file that nothing needs any more: its import ended, and no refused row is to be shown."""
    run = ImportRun.objects.get(pk=run_id)
    path = Path(run.path)
    ended = run.status == "failed" or (run.status == "done" and not run.rejected)
    if ended and path.parent == Path(settings.DATA_DIR) / "imports":
        path.unlink(missing_ok=True)


def import_contacts(
    path: Path,
    *,
    principal: Principal | None = None,
    key: str = "email",
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    encoding: str = "",
    delimiter: str = "",
) -> ImportOutcome:
    """Import a CSV file of contacts now, in this process, and return what became of its rows.

    Run again after an interruption it repeats the file: contacts that are there already are left as they are.
    Raises: BadFile, BadMapping, ImportRunning.
    """
    run_id = start_import(
        path.resolve(),
        filename=path.name,
        principal=principal,
        key=key,
        mapping=mapping,
        encoding=encoding,
        delimiter=delimiter,
    )
    return summarise(run_import(run_id, progress=progress))


def import_contacts_file(
    path: Path, *, key: str = "email", rejected: Path | None = None, progress: Progress | None = None
) -> ImportOutcome:
    """Import a file for the operator; rows that could not be used go, with their reasons, into `rejected`."""
    outcome = import_contacts(path, key=key, progress=progress)
    if rejected is not None:
        headings, rows = read_rejected(ImportRun.objects.get(pk=outcome.run_id))
        with rejected.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return outcome


def summarise(run: ImportRun) -> ImportOutcome:
    """Return a run as a value."""
    return ImportOutcome(
        run_id=run.pk,
        status=run.status,
        total_rows=run.total_rows or 0,
        processed=run.processed,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        rejected=run.rejected,
        warnings=tuple(run.warnings),
    )
