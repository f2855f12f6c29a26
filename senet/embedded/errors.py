"""What can go wrong with the embedded engines."""

from __future__ import annotations

from typing import ClassVar

from senet.shared.errors import SenetError


class EngineFailed(SenetError):
    """The embedded PostgreSQL did not start. Its own words are in the file `postgres.log` of the data folder."""

    code: ClassVar[str] = "engine_failed"
    status: ClassVar[int] = 503


class DataFolderBusy(SenetError):
    """Another Senet works on this data folder."""

    code: ClassVar[str] = "data_folder_busy"
    status: ClassVar[int] = 409
