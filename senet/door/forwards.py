"""Forwarding to friends: what the page takes in. No text of the sender's, and no more than the caps: it is no relay.

An address is kept for thirty days at most and matched to no contact, save that who refuses mail gets none. What is sent
on is the published email without anything about the recipient, to one address a message; see `forward_sending`. A copy
has no choices behind it and goes no further; its web view lasts as long as its address is kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from email_validator import EmailNotValidError, validate_email

import senet.door
from senet.content.sample import SAMPLE_CONTACT
from senet.door.choices import find_fact
from senet.door.values import Visitor
from senet.interactions.actions import record
from senet.shared.sql import fetch_all
from senet.shared.tokens import derive_key

FIELDS = 5  # addresses that the form asks for
MESSAGE_CAP = 10  # friends of one message, ever
PERSON_CAP = 20  # friends of all a recipient's messages, in a day
ADDRESS_CAP = 3  # mails to one friend in a day, from anybody
FORWARDABLE = timedelta(days=90)
KEPT = timedelta(days=29)  # so that no address is older than thirty days, even while no worker runs for hours
_LONGEST = 254


@dataclass(frozen=True, slots=True)
class Forwarding:
    """What became of a form: how many addresses were taken, and which are none."""

    taken: int
    refused: tuple[str, ...] = ()


def _blank(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _blank(each) for key, each in value.items()}
    if isinstance(value, list):
        return []
    return "" if isinstance(value, str) else 0


_STRANGER = {key: _blank(value) for key, value in SAMPLE_CONTACT.items()}


def make_friend_card(address: str) -> dict[str, object]:
    """Return what templates are told of a friend: the address, and nothing else is known."""
    return {**_STRANGER, "email": address}


def is_copy(message_id: int) -> bool:
    """Say whether a message is one that was sent on."""
    return bool(fetch_all(senet.door, "find_copy", {"message_id": message_id}))


def may_forward(message_id: int, now: datetime) -> bool:
    """Say whether a message may be sent on."""
    return bool(fetch_all(senet.door, "find_forwardable", {"message_id": message_id, "since": now - FORWARDABLE}))


@transaction.atomic
def forward(message_id: int, addresses: Sequence[str], visitor: Visitor, now: datetime) -> Forwarding | None:
    """Take addresses to send a message on to; None when it may not be sent on.

    The answer is the same for an address that is over a cap or refuses mail: it tells nothing about anybody.
    """
    if not may_forward(message_id, now):
        return None
    valid, refused = _read(addresses)
    if not valid:
        return Forwarding(0, refused)
    rows = fetch_all(
        senet.door,
        "accept_forwards",
        {
            "message_id": message_id,
            "addresses": valid,
            "marks": [_mark(address) for address in valid],
            "now": now,
            "message_cap": MESSAGE_CAP,
            "person_cap": PERSON_CAP,
            "address_cap": ADDRESS_CAP,
        },
    )
    fact = find_fact(message_id, "EmailForwarded", visitor, now)
    if fact is not None:
        record([replace(fact, detail={"submission_id": number}) for (number,) in rows])
    return Forwarding(len(valid), refused)


def _read(addresses: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the addresses that are ones, each once, and those that are none. Only a plain mailbox is one."""
    valid: dict[str, None] = {}
    refused = []
    for text in (each.strip() for each in addresses[:FIELDS]):
        if not text:
            continue
        try:
            found = validate_email(
                text, check_deliverability=False, allow_quoted_local=False, allow_domain_literal=False,
                allow_display_name=False,
            )  # fmt: skip
        except EmailNotValidError:
            refused.append(text[:_LONGEST])
        else:
            valid[(found.ascii_email or found.normalized).lower()] = None
    return list(valid), tuple(refused)


def _mark(address: str) -> bytes:
    return hmac.digest(derive_key("forward-address"), address.encode(), "sha256")[:16]
