"""A name server on loopback that answers TXT questions from a dictionary, and a resolver that has one itself."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from senet.shared.name_servers import LookupFailed


@contextmanager
def name_server(texts: Mapping[str, Sequence[str]], *, silent: bool = False) -> Iterator[str]:
    """Serve these texts by name; other names do not exist, unless they are above one. Yields host:port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.2)
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(listening, texts, stop, silent), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            stop.set()
            thread.join()


def _serve(listening: socket.socket, texts: Mapping[str, Sequence[str]], stop: threading.Event, silent: bool) -> None:
    while not stop.is_set():
        try:
            wire, asker = listening.recvfrom(4096)
        except TimeoutError:
            continue
        if not silent:
            listening.sendto(_answer(dns.message.from_wire(wire), texts).to_wire(), asker)


def _answer(query: dns.message.Message, texts: Mapping[str, Sequence[str]]) -> dns.message.Message:
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    if name in texts:
        for text in texts[name]:
            quoted = " ".join(f'"{text[start : start + 200]}"' for start in range(0, len(text), 200))
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", quoted))
    elif not any(known.endswith(f".{name}") for known in texts):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


class MemoryResolver:
    """Knows what it was told: (name, kind) → records."""

    def __init__(self, records: Mapping[tuple[str, str], Sequence[str]], *, failing: bool = False) -> None:
        self._records = records
        self._failing = failing

    def find(self, name: str, kind: str) -> Sequence[str] | None:
        """Return the records of a kind."""
        if self._failing:
            raise LookupFailed("Nobody answers.")
        return self._records.get((name, kind))
