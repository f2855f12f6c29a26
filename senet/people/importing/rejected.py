"""The report of refused rows: line, reasons, and the row as it stood in the file, which is read once more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from senet.people.importing.file import CsvFile, open_csv, read_rows
from senet.people.models import ImportRejection, ImportRun
from senet.shared.csv_export import format_csv

Cells = list[object]


def read_rejected(run: ImportRun) -> tuple[list[str], Iterator[Cells]]:
    """Return the report's headings and rows, in the order of the file. Memory is flat: two walks side by side.

    Raises: BadFile when the file is not kept any more.
    """
    if not run.rejected:
        return ["line", "reasons"], iter(())
    file = open_csv(
        Path(run.path), encoding=run.options.get("encoding", ""), delimiter=run.options.get("delimiter", "")
    )
    return ["line", "reasons", *file.headings], _walk(run.pk, file)


def _walk(run_id: int, file: CsvFile) -> Iterator[Cells]:
    rejections = (
        ImportRejection.objects.filter(run_id=run_id)
        .order_by("line")
        .values_list("line", "reasons")
        .iterator(chunk_size=5_000)
    )
    rows = read_rows(file)
    for line, reasons in rejections:
        text = " ".join(f"{column}: {sentence}" if column else sentence for _, column, sentence in reasons)
        for row_line, cells in rows:
            if row_line == line:
                yield [line, text, *cells]
                break


def write_rejected(run_id: int, path: Path) -> None:
    """Write a run's report of refused rows to a file."""
    headings, rows = read_rejected(ImportRun.objects.get(pk=run_id))
    with path.open("wb") as file:
        file.writelines(format_csv(headings, rows))
