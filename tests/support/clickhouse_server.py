"""A ClickHouse server for tests: chDB in a process of its own, behind the part of HTTP that our client speaks.

Queries with settings, parameters, a database and a session in the URL; Native and text answers, compressed when the
client asks for it; inserts, streamed and compressed; errors with their code and status; users. The engine is the real
one, the network is real; replication, quotas and the native protocol are not there. Its time zone is not ours, and it
behaves as the oldest server that we take would, as far as the engine can (`compatibility`).

`python -m tests.support.clickhouse_server --folder F --port P [--user U --password W] [--without S] [--version V]`
"""

from __future__ import annotations

import argparse
import base64
import email.parser
import email.policy
import gzip
import importlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import lz4.frame  # type: ignore[import-untyped]  # has no stubs

from senet.interactions.clickhouse import OLDEST_SERVER
from tests.support.processes import free_port, wait_for

ZONE = "America/St_Johns"  # half an hour off the full one
_TRANSPORT = {
    "buffer_size", "client_protocol_version", "close_session", "compress", "database", "decompress", "default_format",
    "password", "query", "query_id", "quota_key", "role", "session_check", "session_id", "session_timeout",
    "stacktrace", "user", "wait_end_of_query",
}  # fmt: skip
_STATUS = {46: 404, 47: 404, 60: 404, 62: 400, 81: 404, 115: 404, 164: 403, 373: 423, 497: 403, 516: 403}
_BLOCK_INFO = b"\x01\x00\x02\xff\xff\xff\xff\x00"  # not an overflow, no bucket: before each block of newer protocols
_FORMAT = re.compile(rb"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_CODE = re.compile(r"Code: (\d+)")


class ServerError(Exception):
    """An error as the server tells it: a code and a sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {sentence}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Identity:
    """Who may come in, and what the server says it is."""

    user: str = "default"
    password: str = ""
    without: frozenset[str] = frozenset()
    version: str = ""
    compatibility: str = ""


class Engine:
    """The folder, and the sessions that clients have opened."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        chdb: Any = importlib.import_module("chdb")  # has no types
        self._open: Callable[[], Any] = lambda: chdb.connect(str(folder))
        self.identity = identity
        self._kept = self._connect()  # the engine lives as long as one connection
        self._sessions: dict[str, tuple[threading.Lock, Any]] = {}
        self.dies_after_insert = threading.Event()

    def _connect(self) -> Any:  # chDB has no types
        connection = self._open()
        connection.query(f"SET compatibility = '{self.identity.compatibility}'")
        return connection

    def run(self, sql: bytes, parameters: Mapping[str, str], default_format: str) -> tuple[bytes, str]:
        """Run one request's SQL (its data behind it, when it inserts), and return the answer and its format."""
        session = parameters.get("session_id")
        if session is None:
            connection = self._connect()
            try:
                return self._run(connection, sql, parameters, default_format)
            finally:
                connection.close()
        lock, connection = self._sessions.setdefault(session, (threading.Lock(), self._connect()))
        if not lock.acquire(blocking=False):
            raise ServerError(373, f"Session {session} is locked by a concurrent client. (SESSION_IS_LOCKED)")
        try:
            return self._run(connection, sql, parameters, default_format)
        finally:
            lock.release()

    def _run(
        self, connection: Any, sql: bytes, parameters: Mapping[str, str], default_format: str
    ) -> tuple[bytes, str]:
        if database := parameters.get("database"):
            connection.query("USE `" + database.replace("\\", "\\\\").replace("`", "\\`") + "`")
        bound = {}
        for name, value in parameters.items():
            if name.startswith("param_"):
                bound[name.removeprefix("param_")] = value
            elif name not in _TRANSPORT:
                if name in self.identity.without:
                    raise ServerError(115, f"Unknown setting '{name}'. (UNKNOWN_SETTING)")
                escaped = value.replace("\\", "\\\\").replace("'", "\\'")
                connection.query(f"SET {name} = '{escaped}'")
        is_insert = sql.lstrip()[:6].upper() == b"INSERT"
        found = None if is_insert else _FORMAT.search(sql)
        output = found[1].decode() if found else default_format
        sql = self._disguise(sql)
        framed = output == "Native" and int(parameters.get("client_protocol_version", "0")) > 0
        if framed and sql.lstrip()[:6].upper() == b"SELECT":  # streamed, it comes block by block
            blocks = connection.send_query(sql, output, params=bound)
            return b"".join(_BLOCK_INFO + block.bytes() for block in blocks), output
        answer = connection.query(sql, output, params=bound).bytes() or b""
        if framed and answer:
            answer = _BLOCK_INFO + answer
        if is_insert and self.dies_after_insert.is_set():
            os._exit(9)
        return answer, output

    def _disguise(self, sql: bytes) -> bytes:
        """Let the server look as its arguments say, to a client that asks for its version and settings."""
        if self.identity.version:
            sql = sql.replace(b"version()", f"'{self.identity.version}'".encode())
        if self.identity.without:
            names = ", ".join(f"'{name}'" for name in self.identity.without)
            known = f"FROM (SELECT * FROM system.settings WHERE name NOT IN ({names}))"
            sql = sql.replace(b"FROM system.settings", known.encode())
        return sql


class Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    engine: ClassVar[Engine]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Say nothing: a test reads what it asks for."""

    def _answer(self) -> None:
        url = urlsplit(self.path)
        body = self._read_body()
        if url.path == "/ping":
            return self._send(200, b"Ok.\n", {})
        if url.path == "/die-after-next-insert":
            self.engine.dies_after_insert.set()
            return self._send(200, b"", {})
        parameters = dict(parse_qsl(url.query, keep_blank_values=True))
        if self.headers.get_content_type() == "multipart/form-data":
            parameters |= _read_form(self.headers["Content-Type"], body)
            body = b""
        sql = b"\n".join(part for part in (parameters.get("query", "").encode(), body) if part)
        try:
            self._let_in(parameters)
            answer, output = self.engine.run(sql, parameters, parameters.get("default_format", "TabSeparated"))
        except Exception as error:  # noqa: BLE001  whatever the engine raises is an answer
            sentence = str(error)
            code = int(found[1]) if (found := _CODE.search(sentence)) else 1001
            return self._send(_STATUS.get(code, 500), sentence.encode(), {"X-ClickHouse-Exception-Code": str(code)})
        headers = {"X-ClickHouse-Timezone": ZONE, "X-ClickHouse-Summary": json.dumps({"read_rows": "0"})}
        if answer:
            headers["X-ClickHouse-Format"] = output
        if parameters.get("enable_http_compression") == "1":
            encoding, answer = _compress(self.headers.get("Accept-Encoding", ""), answer)
            headers |= {"Content-Encoding": encoding} if encoding else {}
        headers["X-ClickHouse-Query-Id"] = parameters.get("query_id", str(uuid.uuid4()))
        return self._send(200, answer, headers)

    def _let_in(self, parameters: Mapping[str, str]) -> None:
        user = parameters.get("user", self.headers.get("X-ClickHouse-User", "default"))
        password = parameters.get("password", self.headers.get("X-ClickHouse-Key", ""))
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            user, _, password = base64.b64decode(credentials).decode().partition(":")
        if (user, password) != (self.engine.identity.user, self.engine.identity.password):
            raise ServerError(516, f"{user}: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)")

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            body = b"".join(parts)
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return _decompress(self.headers.get("Content-Encoding", ""), body)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _read_form(content_type: str, body: bytes) -> dict[str, str]:
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    message = parser.parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    form = {}
    for part in message.walk():
        name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if name is not None and isinstance(value, bytes):
            form[str(name)] = value.decode()
    return form


def _decompress(encoding: str, body: bytes) -> bytes:
    if encoding == "lz4":
        return bytes(lz4.frame.decompress(body))
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "deflate":
        return zlib.decompress(body)
    assert encoding in ("", "identity"), encoding
    return body


def _compress(accepted: str, body: bytes) -> tuple[str, bytes]:
    offered = {name.strip() for name in accepted.split(",")}
    if "lz4" in offered:
        return "lz4", lz4.frame.compress(body)
    return ("gzip", gzip.compress(body)) if "gzip" in offered else ("", body)


@dataclass
class ClickHouseServer:
    """A server in a process of its own, for a test: started, killed, started again on the same folder and port."""

    folder: Path
    user: str = "default"
    password: str = ""
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for CLICKHOUSE_URL."""
        user, password = quote(self.user, safe=""), quote(self.password, safe="")
        return f"clickhouse://{user}:{password}@127.0.0.1:{self.port}/senet"

    def start(self) -> None:
        """Start it and wait until it answers; one that died before is over by then."""
        if self._process is not None:
            self._process.wait(10)
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.support.clickhouse_server", "--folder", str(self.folder)),
                *("--port", str(self.port), "--user", self.user, "--password", self.password),
                *("--compatibility", ".".join(str(part) for part in OLDEST_SERVER), *self.options),
            ],
            env={**os.environ, "TZ": ZONE},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        wait_for(
            lambda: self._get("/ping").is_success, seconds=60, what=f"the ClickHouse server on port {self.port} answers"
        )

    def ask(self, query: str) -> str:
        """Return the text of a query's answer, as somebody with curl sees it."""
        return self._get("/", {"query": query}).text.strip()

    def die_after_next_insert(self) -> None:
        """Let the next insert be done and never answered."""
        self._get("/die-after-next-insert")

    def kill(self) -> None:
        """SIGKILL it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> httpx.Response:
        identity = {"user": self.user, "password": self.password, **(parameters or {})}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", params=identity, timeout=10, trust_env=False)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--user", default="default")
    parser.add_argument("--password", default="")
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--version", default="")
    parser.add_argument("--compatibility", default="")
    given = parser.parse_args()
    identity = Identity(given.user, given.password, frozenset(given.without), given.version, given.compatibility)
    Handler.engine = Engine(given.folder, identity)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    server.daemon_threads = True
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    server.serve_forever()


def _end_with(parent: int) -> None:
    """End when whoever started us has ended: a test run that is killed leaves nobody behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
