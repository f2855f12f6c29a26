"""Asks whether the links of an email lead anywhere: each address once, a few at a time, within a time limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from senet.content.actions import get_email, source_of
from senet.content.compiler import compile_email
from senet.content.values import Link, LinkKind
from senet.integrations.http import HttpClient
from senet.integrations.queries import read_policy
from senet.integrations.values import Outcome

MOST_LINKS = 100  # addresses of one check
_AT_ONCE = 8
_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """One link and what its server said. `ok` is None when nobody was asked: Liquid writes the address."""

    number: int
    label: str
    url: str
    ok: bool | None
    status: int | None = None
    detail: str = ""


def check_email_links(email_id: int) -> list[CheckedLink]:
    """Return every link of an email with what its server said. Raises: NotFound, TemplateInvalid."""
    links = compile_email(source_of(get_email(email_id))).links
    asked = list(dict.fromkeys(link.url for link in links if _can_be_asked(link)))[:MOST_LINKS]
    client = HttpClient(read_policy(), connections=_AT_ONCE, whole_seconds=_SECONDS)
    try:
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="links") as threads:
            outcomes = dict(zip(asked, threads.map(client.look, asked), strict=True))
    finally:
        client.close()
    return [_tell(link, outcomes) for link in links]


def _can_be_asked(link: Link) -> bool:
    return link.kind == LinkKind.URL and not link.dynamic


def _tell(link: Link, outcomes: dict[str, Outcome]) -> CheckedLink:
    outcome = outcomes.get(link.url)
    if outcome is None:
        why = "Liquid or the door writes it." if not _can_be_asked(link) else f"Only {MOST_LINKS} are asked."
        return CheckedLink(link.number, link.label, link.url, None, detail=why)
    return CheckedLink(link.number, link.label, link.url, outcome.ok, outcome.status, outcome.error)
