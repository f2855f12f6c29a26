"""The spool: what happened while PostgreSQL did not answer, in files that survive a kill, replayed once.

A file holds one line a batch: the events, and the transaction in which they may have been committed after all (the
connection broke while it ended). A file's name is written in the transaction that replays it, so a replay that is cut
short is not done twice. Its writer holds a lock on it until it is complete or the writer is dead. What cannot be read
or is refused is kept beside the rest for a person to look at, and holds nothing up.
"""

from __future__ import annotations

import fcntl
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


class StillCommitting(Exception):  # noqa: N818
    """The transaction of a spooled batch has not ended yet."""


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
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "refused.txt").open("a", encoding="utf-8") as file:
            file.write(json.dumps(event.as_json(), ensure_ascii=False) + "\n")

    def has_files(self) -> bool:
        """Whether something waits to be replayed."""
        return self._folder.is_dir() and any(self._folder.glob("*.jsonl"))

    def replay(self, connection: Connection, write: Write) -> None:
        """Write every file's events and remove it.

        Raises: psycopg.Error, StillCommitting; what is left waits for the next time.
        """
        self._end()
        for path in sorted(self._folder.glob("*.jsonl")):
            try:
                with path.open("rb") as file:
                    if _is_complete(file):
                        self._replay_file(path, file.read(), connection, write)
            except FileNotFoundError:
                continue  # another process was first
            except OSError as error:
                log.error("spool_file_failed", file=path.name, error=str(error))  # noqa: TRY400  the next one may do

    def _replay_file(self, path: Path, content: bytes, connection: Connection, write: Write) -> None:
        events = 0
        with connection.transaction():
            fresh = connection.execute(
                "INSERT INTO door_spool (name, replayed_at) VALUES (%s, now()) ON CONFLICT DO NOTHING", [path.name]
            ).rowcount
            for xid, batch in self._read(content) if fresh else ():
                if not _was_committed(connection, xid):
                    self._write(batch, connection, write)
                    events += len(batch)
        path.unlink(missing_ok=True)
        log.info("spool_replayed", file=path.name, events=events)

    def _write(self, batch: Sequence[Event], connection: Connection, write: Write) -> None:
        """Write a batch; an event that PostgreSQL refuses is put aside and does not take the others with it."""
        try:
            write(connection, batch, [])
        except (psycopg.DataError, psycopg.IntegrityError):
            if len(batch) == 1:
                self.put_aside(batch[0])
                return
            for event in batch:
                self._write([event], connection, write)

    def _read(self, content: bytes) -> list[tuple[str | None, list[Event]]]:
        """Return a file's batches; a last line without its end was never acknowledged."""
        batches = []
        for line in content.split(b"\n")[:-1]:
            try:
                value = json.loads(line)
                batches.append((value["xid"], [Event.from_json(event) for event in value["events"]]))
            except (ValueError, KeyError, TypeError, AssertionError):
                log.exception("spool_line_unreadable", size=len(line))
                with (self._folder / "unreadable.txt").open("ab") as file:
                    file.write(line + b"\n")
        return batches

    def _begin(self) -> IO[bytes]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{os.getpid()}-{secrets.token_hex(8)}.jsonl"
        self._file = path.with_suffix(".new").open("ab")
        fcntl.flock(self._file, fcntl.LOCK_EX)
        path.with_suffix(".new").rename(path)
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return self._file

    def _end(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def _is_complete(file: IO[bytes]) -> bool:
    """Say whether nobody writes to a file any more."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _was_committed(connection: Connection, xid: str | None) -> bool:
    if xid is None:
        return False
    try:
        with connection.transaction():  # of its own: a number that PostgreSQL never gave out is an error
            row = connection.execute("SELECT pg_xact_status(%s::xid8)", [xid]).fetchone()
    except psycopg.DataError:
        return False
    if row is not None and row[0] == "in progress":
        raise StillCommitting
    return row is not None and row[0] == "committed"
