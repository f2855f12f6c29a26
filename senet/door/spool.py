"""The spool: what happened while PostgreSQL did not answer, in files that survive a kill, replayed once.

A file holds one line a batch: the events, and the transaction in which they may have been committed after all (the
connection broke while it ended). A file's name is written in the transaction that replays it, so a replay that is cut
short is not done twice.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import psycopg
import structlog

from senet.door.values import Event

log = structlog.get_logger(__name__)

Connection = psycopg.Connection[tuple[object, ...]]
Write = Callable[[Connection, Sequence[Event], list[str]], None]
_FILE_BYTES = 8 << 20


class Spool:
    """Files of events in a folder. One process writes to a file; any may replay it afterwards."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None

    def append(self, events: Sequence[Event], xid: str | None) -> None:
        """Add events and return when they are on the disk. Raises: OSError."""
        file = self._file or self._begin()
        line = {"xid": xid, "events": [event.as_json() for event in events]}
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        if file.tell() > _FILE_BYTES:
            self._end()

    def put_aside(self, event: Event) -> None:
        """Keep an event that PostgreSQL refuses, for a person to look at."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "refused.txt").open("a", encoding="utf-8") as file:
            file.write(json.dumps(event.as_json(), ensure_ascii=False) + "\n")

    def has_files(self) -> bool:
        """Whether something waits to be replayed."""
        return self._folder.is_dir() and any(self._folder.glob("*.jsonl"))

    def replay(self, connection: Connection, write: Write) -> None:
        """Write every file's events and remove it. Raises: psycopg.Error; what is left waits for the next time."""
        self._end()
        for path in sorted(self._folder.glob("*.jsonl")):
            events = 0
            with connection.transaction():
                fresh = connection.execute(
                    "INSERT INTO door_spool (name, replayed_at) VALUES (%s, now()) ON CONFLICT DO NOTHING", [path.name]
                ).rowcount
                for xid, batch in _read(path) if fresh else ():
                    if not _was_committed(connection, xid):
                        write(connection, batch, [])
                        events += len(batch)
            path.unlink(missing_ok=True)
            log.info("spool_replayed", file=path.name, events=events)

    def _begin(self) -> IO[bytes]:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = (self._folder / f"{os.getpid()}-{secrets.token_hex(8)}.jsonl").open("ab")
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return self._file

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


def _read(path: Path) -> list[tuple[str | None, list[Event]]]:
    """Return a file's batches; a last line without its end was never acknowledged."""
    batches = []
    for line in path.read_bytes().split(b"\n")[:-1]:
        value = json.loads(line)
        batches.append((value["xid"], [Event.from_json(event) for event in value["events"]]))
    return batches


def _was_committed(connection: Connection, xid: str | None) -> bool:
    if xid is None:
        return False
    row = connection.execute("SELECT pg_xact_status(%s::xid8)", [xid]).fetchone()
    return row is not None and row[0] == "committed"
