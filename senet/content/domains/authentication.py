"""Judges a domain by what its name servers say: who may send in its name, and can receivers tell?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from senet.content.domains.resolver import TextResolver
from senet.content.domains.sending import SigningName
from senet.shared.errors import Problem
from senet.shared.name_servers import LookupFailed

WHERE = "from address"
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_TAG = re.compile(r"\s*([a-z]+)\s*=\s*([^;]*)")
_MOST_PARENTS = 5


@dataclass(frozen=True, slots=True)
class Authentication:
    """What was found: the records as they are written, or "" where there is none."""

    domain: str
    exists: bool
    spf: tuple[str, ...] = ()
    dkim: tuple[str, ...] = ()  # selectors that have a key
    signing: tuple[tuple[SigningName, tuple[str, ...]], ...] = ()  # of keys that sign here, the keys that are there
    dmarc: str = ""
    dmarc_domain: str = ""


def look_up(
    domain: str, selectors: Sequence[str], resolver: TextResolver, signing: Sequence[SigningName] = ()
) -> Authentication:
    """Return what the name servers say of a domain; all questions are asked at once. Raises: LookupFailed."""
    parents = _list_parents(domain)
    names = [domain, *(f"{selector}._domainkey.{domain}" for selector in selectors)]
    names += [f"_dmarc.{parent}" for parent in parents]
    names = list(dict.fromkeys([*names, *(key.name for key in signing)]))
    with ThreadPoolExecutor(min(8, len(names)), thread_name_prefix="dns") as threads:
        answers = dict(zip(names, threads.map(resolver.find_texts, names), strict=True))
    own = answers[domain]
    keys = tuple(
        selector
        for selector in selectors
        if any(_has_key(text) for text in answers[f"{selector}._domainkey.{domain}"] or [])
    )
    there = tuple((key, tuple(text for text in answers[key.name] or [] if _has_key(text))) for key in signing)
    found = Authentication(domain, own is not None, _find_spf(own), keys, signing=there)
    for parent in parents:
        for text in answers[f"_dmarc.{parent}"] or []:
            if _read_tags(text).get("v", "").upper() == "DMARC1":
                return replace(found, dmarc=text, dmarc_domain=parent)
    return found


def check_domain(
    domain: str, selectors: Sequence[str], resolver: TextResolver | None, signing: Sequence[SigningName] = ()
) -> list[Problem]:
    """Return what is wrong with a domain that mails come from, as warnings: receivers decide what they make of it.

    `signing`: the keys that sign its mails here; where there are none, a relay may sign by one of the selectors.
    """
    name = domain.strip().rstrip(".").lower()
    if resolver is None or not _DOMAIN.fullmatch(name):
        return []
    try:
        found = look_up(name, () if signing else selectors, resolver, signing)
    except LookupFailed as error:
        message = f"{name} could not be looked up ({error})."
        return [Problem("domain_not_looked_up", message, WHERE, "information", "Check it again in a minute.")]
    if not found.exists:
        message = f"There is no domain {name}: nobody can answer, and most receivers refuse the mail."
        return [Problem("domain_missing", message, WHERE, "warning", "Correct the address.")]
    dkim = _judge_signing(found) if signing else _judge_dkim(found, selectors)
    return [*_judge_spf(found), *dkim, *_judge_dmarc(found)]


def _judge_spf(found: Authentication) -> Iterator[Problem]:
    if not found.spf:
        advice = f"Publish a TXT record at {found.domain}: v=spf1 … ~all, with the servers that send for it."
        yield Problem("spf_missing", f"{found.domain} has no SPF record.", WHERE, "warning", advice)
    elif len(found.spf) > 1:
        message = f"{found.domain} has {len(found.spf)} SPF records, which receivers take for none."
        yield Problem("spf_repeated", message, WHERE, "warning", "Merge them into one.")
    elif re.search(r"(?:^|\s)\+?all(?:\s|$)", found.spf[0]):
        message = f"The SPF record of {found.domain} lets the whole world send in its name."
        yield Problem("spf_open", message, WHERE, "warning", "End it with ~all or -all.")


def _judge_dkim(found: Authentication, selectors: Sequence[str]) -> Iterator[Problem]:
    if selectors and not found.dkim:
        message = (
            f"{found.domain} has no DKIM key by the name {' or '.join(selectors)}, so mails are not signed for it."
        )
        advice = "Publish the key that your relay or Senet signs with, and name its selector in SENET_DKIM_SELECTORS."
        yield Problem("dkim_missing", message, WHERE, "warning", advice)


def _judge_signing(found: Authentication) -> Iterator[Problem]:
    for key, texts in found.signing:
        advice = f"Publish a TXT record at {key.name}; the page of the sending domain shows its text."
        if not texts:
            message = f"Mails from {found.domain} are signed with the key {key.name}, and there is none."
            yield Problem("dkim_missing", message, WHERE, "warning", advice)
        elif not any(_read_tags(text).get("p") == _read_tags(key.record)["p"] for text in map(_squeeze, texts)):
            message = f"The key at {key.name} is another one than mails from {found.domain} are signed with."
            yield Problem("dkim_different", message, WHERE, "warning", advice)


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _judge_dmarc(found: Authentication) -> Iterator[Problem]:
    if not found.dmarc:
        advice = f"Publish a TXT record at _dmarc.{found.domain}, to begin with: v=DMARC1; p=none."
        message = f"{found.domain} has no DMARC record, which large providers ask of who sends much."
        yield Problem("dmarc_missing", message, WHERE, "warning", advice)
        return
    policy = _read_tags(found.dmarc).get("p", "").lower()
    if policy not in {"none", "quarantine", "reject"}:
        message = f"The DMARC record of {found.dmarc_domain} has no policy."
        yield Problem("dmarc_broken", message, WHERE, "warning", "Write p=none, p=quarantine or p=reject.")
    elif policy == "none":
        message = f"DMARC of {found.dmarc_domain} only watches (p=none)."
        yield Problem("dmarc_watches", message, WHERE, "information", "Once reports are clean, raise it to quarantine.")


def _find_spf(texts: list[str] | None) -> tuple[str, ...]:
    return tuple(text for text in texts or [] if re.match(r"v=spf1(?:\s|$)", text, re.IGNORECASE))


def _has_key(text: str) -> bool:
    tags = _read_tags(text)
    return bool(tags.get("p", "").strip()) and tags.get("v", "DKIM1").upper() == "DKIM1"


def _read_tags(text: str) -> dict[str, str]:
    return {match[1]: match[2].strip() for part in text.split(";") if (match := _TAG.fullmatch(part))}


def _list_parents(domain: str) -> list[str]:
    """Return the domain and those above it, without the last label: where a DMARC record may stand for it."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)][:_MOST_PARENTS]
