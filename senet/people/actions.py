"""Writes: contacts, companies, custom columns, imports."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from senet.accounts.access import SEES_EVERYTHING, list_unit_ids
from senet.accounts.values import Principal
from senet.people.custom import load_definitions
from senet.people.importing.file import open_csv
from senet.people.importing.mapping import check_mapping, suggest_mapping
from senet.people.importing.run import Progress, run_import
from senet.people.models import ImportRun
from senet.people.values import ImportOutcome


def start_import(
    path: Path,
    *,
    filename: str,
    principal: Principal,
    key: str = "email",
    mapping: Mapping[str, str] | None = None,
    encoding: str = "",
    delimiter: str = "",
) -> int:
    """Note an import of a file that stays where it is and return its number; `run_import` does the work.

    Without a mapping the headings' names decide. Raises: BadFile, BadMapping.
    """
    file = open_csv(path, encoding=encoding, delimiter=delimiter)
    definitions = load_definitions("contact")
    mapping = suggest_mapping(file.headings, definitions) if mapping is None else mapping
    check_mapping(mapping, headings=file.headings, key=key, definitions=definitions)
    units = None if principal.role in SEES_EVERYTHING else sorted(list_unit_ids(principal))
    run = ImportRun.objects.create(
        filename=filename[:200],
        path=str(path),
        key=key,
        mapping=dict(mapping),
        options={"encoding": encoding, "delimiter": delimiter, "units": units},
        user_id=principal.user_id,
        business_unit_id=principal.business_unit_id,
    )
    return run.pk


def keep_upload(upload: BinaryIO, run_name: str) -> Path:
    """Copy an uploaded file to where the worker finds it."""
    folder = Path(settings.DATA_DIR) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run_name}.csv"
    with path.open("xb") as file:
        shutil.copyfileobj(upload, file, 1 << 20)
    return path


def import_contacts(
    path: Path,
    *,
    principal: Principal,
    key: str = "email",
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    encoding: str = "",
    delimiter: str = "",
) -> ImportOutcome:
    """Import a CSV file of contacts now, in this process, and return what became of its rows.

    An interrupted import of the same file by the same key and mapping goes on where it stopped.
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
