"""What can go wrong with people and their files."""

from __future__ import annotations

from typing import ClassVar

from senet.shared.errors import Conflict, InvalidInput


class BadFile(InvalidInput):
    """This file cannot be read as CSV."""

    code: ClassVar[str] = "bad_file"


class BadMapping(InvalidInput):
    """The headings and the columns do not fit together."""

    code: ClassVar[str] = "bad_mapping"


class ImportRunning(Conflict):
    """This import is running already."""

    code: ClassVar[str] = "import_running"


class ImportFinished(Conflict):
    """This import has ended; start a new one."""

    code: ClassVar[str] = "import_finished"


class ExternalIdTaken(Conflict):
    """Another record has this external id."""

    code: ClassVar[str] = "external_id_taken"


class ColumnExists(Conflict):
    """There is a custom column by that key already."""

    code: ClassVar[str] = "column_exists"
