"""What changes sending domains."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import idna
from django.db import IntegrityError, transaction

from senet.delivery.domains.keys import make_ed25519_key, make_rsa_key
from senet.delivery.domains.records import check_records, list_records
from senet.delivery.models import SendingDomain
from senet.shared.errors import Conflict, InvalidInput, NotFound
from senet.shared.name_servers import Resolver

_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def get_domain(domain_id: int) -> SendingDomain:
    """Return a sending domain. Raises: NotFound."""
    found = SendingDomain.objects.filter(pk=domain_id).first()
    if found is None:
        raise NotFound("There is no such sending domain.")
    return found


@transaction.atomic
def create_domain(
    text: str, *, bounce_domain: str, business_unit_id: int | None, with_ed25519: bool, signs: bool, now: datetime
) -> int:
    """Make a sending domain with new keys; returns its number. Raises: InvalidInput, Conflict."""
    domain = read_domain(text)
    row = SendingDomain(
        domain=domain,
        business_unit_id=business_unit_id,
        signs=signs,
        bounce_domain=read_bounce_domain(bounce_domain, domain),
        created_at=now,
    )
    _give_keys(row, now, with_ed25519=with_ed25519)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(f"{domain} is a sending domain already.") from error
    return int(row.pk)


@transaction.atomic
def change_domain(
    domain_id: int, *, signs: bool | None, bounce_domain: str | None, business_unit_id: int | None, keep_unit: bool
) -> None:
    """Change who signs, the return paths' domain, or whose domain it is; None leaves as it is."""
    row = get_domain(domain_id)
    if signs is not None:
        row.signs = signs
    if bounce_domain is not None:
        row.bounce_domain = read_bounce_domain(bounce_domain, row.domain)
    if not keep_unit:
        row.business_unit_id = business_unit_id
    row.save()


@transaction.atomic
def rotate_keys(domain_id: int, *, with_ed25519: bool, now: datetime) -> None:
    """Give a domain new keys under new selectors. It signs with them at once."""
    row = get_domain(domain_id)
    _give_keys(row, now, with_ed25519=with_ed25519)
    row.findings, row.checked_at = {}, None
    row.save()


def check_domain(domain_id: int, resolver: Resolver, now: datetime) -> None:
    """Ask the DNS whether the records are there, and note what it says."""
    row = get_domain(domain_id)
    findings = check_records(list_records(row), resolver)
    SendingDomain.objects.filter(pk=domain_id).update(findings=findings, checked_at=now)


def delete_domain(domain_id: int) -> None:
    """Remove a sending domain with its keys. Raises: NotFound."""
    get_domain(domain_id).delete()


def _give_keys(row: SendingDomain, now: datetime, *, with_ed25519: bool) -> None:
    stamp = f"{now:%Y%m%d}{secrets.token_hex(3)}"
    row.selector, row.rsa_key = f"senet{stamp}", make_rsa_key()
    row.ed25519_selector = f"senet{stamp}e" if with_ed25519 else ""
    row.ed25519_key = make_ed25519_key() if with_ed25519 else None


def read_domain(text: str) -> str:
    """Return a domain as the DNS writes it. Raises: InvalidInput."""
    domain = text.strip().rstrip(".").lower()
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise InvalidInput("This is no domain.") from error
    if not _DOMAIN.fullmatch(domain):
        raise InvalidInput("Write a domain such as shop.example.com.")
    return domain


def read_bounce_domain(text: str, domain: str) -> str:
    """Return a domain of return paths, which has to be below the sending domain, so that DMARC finds them aligned."""
    if not text.strip():
        return ""
    found = read_domain(text)
    if not found.endswith(f".{domain}"):
        raise InvalidInput(f"The domain of the return paths has to be below {domain}, such as bounces.{domain}.")
    return found
