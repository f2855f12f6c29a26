"""Calls webhooks: within a time limit for the whole call, to allowed addresses only, following nobody anywhere.

A name is resolved here and the connection made to one of the addresses that were judged, so that a name that changes
its mind in between (DNS rebinding) leads nowhere. Connections are kept for a few seconds and used again.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
import unicodedata
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import httpx

from senet.integrations.addresses import Address, AddressPolicy, explain_refusal
from senet.integrations.errors import AddressRefused
from senet.integrations.values import Outcome

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
LARGEST_ANSWER = 65_536  # bytes; what comes after them is not read
LONGEST_EXCERPT = 500
_AGAIN = frozenset({408, 425, 429})
_RESTING = frozenset({429, 503})  # with Retry-After: the server wants to hear nothing at all for a while
_LONGEST_REST = timedelta(days=2)
_current = threading.local()  # .deadline: when this thread's call has to be over


def _left(timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
    """Return how long one step may take. Raises: `late` when the whole call's time is up."""
    left = float(_current.deadline) - time.monotonic()
    if left <= 0:
        raise late("the call's time is up")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends with the call's deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:  # whatever the socket tells
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to addresses that the policy allows, and to no other."""

    def __init__(self, policy: AddressPolicy, *, resolvers: int = 16) -> None:
        self._policy = policy
        self._inner = httpcore.SyncBackend()
        self._resolvers = ThreadPoolExecutor(resolvers, thread_name_prefix="resolver")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        end = time.monotonic() + _left(timeout, httpcore.ConnectTimeout)
        found = self._resolve(host, port, end - time.monotonic())
        allowed = [address for address in found if self._policy.allows(address)]
        if not allowed:
            raise AddressRefused(explain_refusal(found))
        failure: Exception = httpcore.ConnectTimeout("no address answered in time")
        for number, address in enumerate(allowed):
            seconds = (end - time.monotonic()) / (len(allowed) - number)  # a dead address leaves time for the next
            if seconds <= 0:
                break
            try:
                inner = self._inner.connect_tcp(str(address), port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(inner)
        raise failure

    def _resolve(self, host: str, port: int, seconds: float) -> list[Address]:
        """Return the addresses of a host; a resolver that hangs costs no more than the time given."""
        asking = self._resolvers.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            rows = asking.result(timeout=seconds)
        except NotInTime as error:
            raise httpcore.ConnectTimeout("the name was not resolved in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name is not known: {error}") from error
        return list(dict.fromkeys(ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows))

    def close(self) -> None:
        """End the threads that resolve names."""
        self._resolvers.shutdown(wait=False, cancel_futures=True)


class HttpClient:
    """Posts to webhooks. Safe for many threads at once."""

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        connections: int = 32,
        connect_seconds: float = CONNECT_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._backend = GuardedBackend(policy)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=5.0,
            network_backend=self._backend,
        )
        self._connect_seconds, self._whole_seconds = connect_seconds, whole_seconds

    def post(self, url: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Outcome:
        """Post a body and return what came of it; never raises for anything that the other side does."""
        whole = self._whole_seconds
        _current.deadline = time.monotonic() + whole
        timeouts = {"connect": self._connect_seconds, "read": whole, "write": whole, "pool": whole}
        try:
            target = _split(url)
            with self._pool.stream(
                "POST", target, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
            ) as response:
                answered = _read(response)
        except AddressRefused as error:
            return Outcome(str(error))
        except httpcore.TimeoutException:
            return Outcome(f"No answer within {whole:g} seconds.", again=True)
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            return Outcome(f"The connection failed: {clean(str(error)) or type(error).__name__}.", again=True)
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol, UnicodeError, ValueError):
            return Outcome("The URL cannot be used. Write it in full, such as https://example.com/hook.")
        return judge(response.status, answered, _find_retry_after(response, now))

    def look(self, url: str, *, redirects: int = 5) -> Outcome:
        """Ask for a page and return what its server says of it, following redirects; the page itself is not read.

        Each address on the way is judged as the first one is. Never raises for anything that the other side does.
        """
        _current.deadline = time.monotonic() + self._whole_seconds
        try:
            for _ in range(redirects + 1):
                status, location = self._ask(url)
                if not (300 <= status < 400 and location):
                    return judge(status, b"", None)
                url = str(httpx.URL(url).join(location))
        except AddressRefused:
            return Outcome("It leads to an address of this machine or of a private network.")
        except httpcore.TimeoutException:
            return Outcome(f"No answer within {self._whole_seconds:g} seconds.", again=True)
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            return Outcome(f"The connection failed: {clean(str(error)) or type(error).__name__}.", again=True)
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol, UnicodeError, ValueError):
            return Outcome("The address cannot be used.")
        return Outcome(f"It redirects more than {redirects} times.")

    def _ask(self, url: str) -> tuple[int, str]:
        """Return the status and the Location of one address."""
        whole = self._whole_seconds
        timeouts = {"connect": self._connect_seconds, "read": whole, "write": whole, "pool": whole}
        target = _split(url)
        headers = [(b"Host", target.host), (b"User-Agent", b"Senet link check"), (b"Accept", b"*/*")]
        if target.port not in {None, 80, 443}:
            headers[0] = (b"Host", target.host + f":{target.port}".encode())
        with self._pool.stream("GET", target, headers=headers, extensions={"timeout": timeouts}) as response:
            found = [value for name, value in response.headers if name.lower() == b"location"]
            return response.status, found[0].decode("latin-1") if found else ""

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
        self._backend.close()


def _split(url: str) -> httpcore.URL:
    parts = httpx.URL(url)
    return httpcore.URL(scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path)


def _read(response: httpcore.Response) -> bytes:
    """Return the beginning of an answer. What is left unread ends with its connection."""
    found = b""
    for piece in response.iter_stream():
        found += piece
        if len(found) >= LARGEST_ANSWER:
            break
    return found


def judge(status: int, answered: bytes, after: timedelta | None) -> Outcome:
    """Return what an HTTP answer means."""
    body = clean(answered[:LARGEST_ANSWER].decode("utf-8", "replace"))
    if 200 <= status < 300:
        return Outcome(status=status, body=body)
    if 300 <= status < 400:
        message = f"Answered {status}, a redirect, which is not followed. Enter the address that it leads to."
        return Outcome(message, status=status, body=body)
    again = status in _AGAIN or status >= 500
    message = f"Answered {status}: {body}" if body else f"Answered {status}."
    return Outcome(message, again, status, after if again else None, again and status in _RESTING, body)


def clean(text: str, limit: int = LONGEST_EXCERPT) -> str:
    """Return a stranger's words on one line, without control characters, bounded."""
    shown = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text[: limit * 4])
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _find_retry_after(response: httpcore.Response, now: datetime) -> timedelta | None:
    values = [value for name, value in response.headers if name.lower() == b"retry-after"]
    return read_retry_after(values[0].decode("latin-1"), now) if values else None


def read_retry_after(text: str, now: datetime) -> timedelta | None:
    """Return how long a server asks to be left alone: seconds or a date; None when it says neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9])
        return min(timedelta(seconds=seconds), _LONGEST_REST)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), _LONGEST_REST)
