"""The records that a sending domain needs, and whether the DNS has them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from senet.content.domains.sending import DomainOwner, SigningName
from senet.delivery.domains.keyring import list_domains_above
from senet.delivery.domains.keys import DnsRecord, Purpose, write_dkim_record
from senet.delivery.models import SendingDomain
from senet.shared.name_servers import LookupFailed, Resolver
from senet.shared.sealing import SealBroken


class Finding(StrEnum):
    """What the DNS says of a record."""

    CONFIRMED = "confirmed"
    MISSING = "missing"
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # it did not answer, or was not asked yet


def list_records(domain: SendingDomain) -> list[DnsRecord]:
    """Return what the domain's owner has to publish. Raises: SealBroken when its keys cannot be opened."""
    name = domain.domain
    records = [
        DnsRecord(
            Purpose.DKIM,
            f"{domain.selector}._domainkey.{name}",
            "TXT",
            write_dkim_record(domain.rsa_key),
            domain.signs,
            "The public key with which receivers check the signatures.",
        )
    ]
    if domain.ed25519_key is not None:
        records.append(
            DnsRecord(
                Purpose.DKIM_ED25519,
                f"{domain.ed25519_selector}._domainkey.{name}",
                "TXT",
                write_dkim_record(domain.ed25519_key),
                domain.signs,
                "The second, shorter key, for receivers that know Ed25519.",
            )
        )
    records.append(
        DnsRecord(
            Purpose.DMARC,
            f"_dmarc.{name}",
            "TXT",
            "v=DMARC1; p=none",
            False,
            "What receivers shall do with mails that are not signed; make it stricter when all are.",
        )
    )
    if domain.bounce_domain:
        records += [
            DnsRecord(
                Purpose.BOUNCE_MX,
                domain.bounce_domain,
                "MX",
                "10 (the server that hands returned mails to SENET_BOUNCE_LISTEN or to the mailbox)",
                True,
                "Where mails that cannot be delivered come back to.",
            ),
            DnsRecord(
                Purpose.BOUNCE_SPF,
                domain.bounce_domain,
                "TXT",
                "v=spf1 (the servers that send, such as ip4:192.0.2.1) -all",
                True,
                "Which servers may send with this return path.",
            ),
        ]
    return records


def find_signing_names(host: str) -> list[SigningName]:
    """Return the keys that mails from a domain are signed with: its own, or those of the nearest domain above it."""
    nearest = _find_nearest(host)
    if nearest is None or not nearest.signs:
        return []
    try:
        records = list_records(nearest)
    except SealBroken:  # nothing is sent for it either: its page says why
        return []
    dkim = {Purpose.DKIM, Purpose.DKIM_ED25519}
    return [SigningName(record.name, record.value) for record in records if record.purpose in dkim]


def find_owner(host: str) -> DomainOwner | None:
    """Return the sending domain that a domain is or lies under, with whose it is; None when there is none."""
    nearest = _find_nearest(host)
    return DomainOwner(nearest.domain, nearest.business_unit_id) if nearest is not None else None


def _find_nearest(host: str) -> SendingDomain | None:
    names = list_domains_above(host.strip().rstrip(".").lower())
    rows = {row.domain: row for row in SendingDomain.objects.filter(domain__in=names)}
    return next((rows[name] for name in names if name in rows), None)


def check_records(records: Sequence[DnsRecord], resolver: Resolver) -> dict[str, str]:
    """Ask the DNS for each record; purpose → finding."""
    return {record.purpose.value: _check(record, resolver).value for record in records}


def _check(record: DnsRecord, resolver: Resolver) -> Finding:
    try:
        found = resolver.find(record.name, record.kind) or ()
    except LookupFailed:
        return Finding.UNKNOWN
    if record.purpose in {Purpose.DKIM, Purpose.DKIM_ED25519}:
        found = [text for text in found if "p=" in text]
        is_right = any(_squeeze(text) == _squeeze(record.value) for text in found)
    elif record.purpose is Purpose.BOUNCE_MX:
        is_right = any(not text.endswith(" .") for text in found)
    else:
        start = record.value.split(" ")[0].rstrip(";").lower()
        found = [text for text in found if text.lower().startswith(start)]
        is_right = len(found) == 1  # two of them count as none
    if is_right:
        return Finding.CONFIRMED
    return Finding.DIFFERENT if found else Finding.MISSING


def _squeeze(text: str) -> str:
    return "".join(text.split()).rstrip(";")
