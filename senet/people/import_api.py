"""Routes: imports. The file is kept, a job reads it, and the run's row tells how far it is."""

from __future__ import annotations

import json
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile

from senet.accounts.access import visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.people.columns import CONTACT_COLUMNS
from senet.people.custom import load_definitions
from senet.people.errors import BadMapping, ImportFinished, ImportRunning
from senet.people.importing.file import open_csv, read_rows
from senet.people.importing.mapping import suggest_mapping
from senet.people.importing.rejected import read_rejected
from senet.people.importing.run import is_held
from senet.people.importing.start import keep_upload, start_import
from senet.people.listings import IMPORTS
from senet.people.models import ImportRun
from senet.people.schemas import ImportOut, ImportPreview
from senet.people.tasks import run_import_job
from senet.shared.csv_export import stream_csv
from senet.shared.errors import NotFound
from senet.shared.paging import Page, PageOf, PageQuery

router = Router(tags=["people"])

_PREVIEW_ROWS = 10


class HowToRead(Schema):
    """How a file is to be read; empty: found out."""

    encoding: str = ""
    delimiter: str = ""


class ImportForm(HowToRead):
    """What to do with the file."""

    key: str = "email"
    mapping: str = ""  # a JSON object, heading → column; empty: as the preview suggests


def _read_mapping(text: str) -> dict[str, str] | None:
    if not text.strip():
        return None
    try:
        mapping = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadMapping("The mapping is not a JSON object of heading and column.") from error
    if not isinstance(mapping, dict) or not all(isinstance(column, str) for column in mapping.values()):
        raise BadMapping("The mapping is not a JSON object of heading and column.")
    return {heading: column for heading, column in mapping.items() if column}


def _visible_runs(request: HttpRequest) -> QuerySet[ImportRun]:
    return visible(ImportRun.objects.all(), principal(request))


def _get(request: HttpRequest, import_id: int) -> ImportRun:
    run = _visible_runs(request).filter(pk=import_id).first()
    if run is None:
        raise NotFound("There is no import by that number.")
    if run.status == "running" and not is_held(run.pk):
        run.status = "interrupted"
    return run


@router.post("/imports/preview", response=ImportPreview, operation_id="imports_preview")
def preview_import(request: HttpRequest, form: Form[HowToRead], file: File[UploadedFile]) -> ImportPreview:
    """Show how a file would be read, without importing it."""
    require(request, Permission.EDIT)
    path = keep_upload(file.chunks())
    try:
        found = open_csv(path, encoding=form.encoding, delimiter=form.delimiter)
        definitions = load_definitions("contact")
        return ImportPreview(
            columns=list(found.headings),
            rows=[cells for _, cells in islice(read_rows(found), _PREVIEW_ROWS)],
            mapping=suggest_mapping(found.headings, definitions),
            targets=[*(column.name for column in CONTACT_COLUMNS), *(f"custom.{key}" for key in definitions)],
            encoding=found.encoding,
            delimiter=found.delimiter,
            warnings=list(found.warnings),
        )
    finally:
        path.unlink()


@router.post("/imports", response={201: ImportOut}, operation_id="imports_create")
def create_import(request: HttpRequest, form: Form[ImportForm], file: File[UploadedFile]) -> Status[ImportRun]:
    """Import a CSV file of contacts: a job does it, and GET /imports/{id} tells how far it is."""
    me = require(request, Permission.EDIT)
    mapping = _read_mapping(form.mapping)
    path = keep_upload(file.chunks())
    try:
        run_id = start_import(
            path,
            filename=file.name or "contacts.csv",
            principal=me,
            key=form.key,
            mapping=mapping,
            encoding=form.encoding,
            delimiter=form.delimiter,
        )
        run_import_job.defer(run_id=run_id)
    except BaseException:
        path.unlink()
        raise
    return Status(201, ImportRun.objects.get(pk=run_id))


@router.get("/imports", response=PageOf[ImportOut], operation_id="imports_list")
def list_imports(request: HttpRequest, query: Query[PageQuery]) -> Page[ImportRun]:
    """List the imports of the business units one sees."""
    return IMPORTS.page(_visible_runs(request), query)


@router.get("/imports/{import_id}", response=ImportOut, operation_id="imports_get")
def get_import(request: HttpRequest, import_id: int) -> ImportRun:
    """Tell how far an import is."""
    return _get(request, import_id)


@router.post("/imports/{import_id}/resume", response=ImportOut, operation_id="imports_resume")
def resume_import(request: HttpRequest, import_id: int) -> ImportRun:
    """Go on with an import that was interrupted, behind the last row that was settled."""
    require(request, Permission.EDIT)
    run = _get(request, import_id)
    if run.status == "running":
        raise ImportRunning
    if run.status in {"done", "failed"}:
        raise ImportFinished
    run_import_job.defer(run_id=run.pk)
    return run


@router.get("/imports/{import_id}/rejected.csv", operation_id="imports_rejected")
def download_rejected(request: HttpRequest, import_id: int) -> StreamingHttpResponse:
    """Download the rows that could not be used: line, reasons, values as they stood in the file."""
    require(request, Permission.EXPORT)
    headings, rows = read_rejected(_get(request, import_id))
    return stream_csv(request, f"import-{import_id}-rejected.csv", headings, rows)
