"""Makes the demo's world: an outdoor shop with its members, emails, segments and one journey that is live.

In: nothing. Out: records, made through the rooms' own actions as a person would make them. Running it again makes
nothing twice: each record is looked up by its name or external id first, and a finished demo is left alone, whatever
its owner did with it since.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from senet.accounts.models import User
from senet.accounts.queries import principal_of
from senet.accounts.values import Author, Principal, Role
from senet.audiences import actions as audiences
from senet.audiences.models import Segment, SubscriptionList
from senet.content.actions import create_email, go_live_email
from senet.content.models import ContentSettings, Email
from senet.content.settings_actions import create_content_settings, go_live_content_settings
from senet.demo.letters import EMAILS
from senet.demo.people import COLUMNS, COUNT, INTERESTS, TIERS, list_companies, list_contacts
from senet.journeys import actions as journeys
from senet.journeys.models import Journey
from senet.people.actions import add_custom_column, create_company, import_contacts
from senet.people.models import Company, Contact, CustomColumn

log = structlog.get_logger(__name__)

SHOP = "Harbour & Pine"
JOURNEY = "Welcome new members"
CUSTOM_COLUMNS = (
    ("birthday", "Birthday", "date", ()),
    ("tier", "Membership", "choice", TIERS),
    ("interests", "Interests", "choices", INTERESTS),
    ("trips", "Trips", "number", ()),
    ("member_since", "Member since", "datetime", ()),
)
Definition = dict[str, Any]  # a drawn tree or graph, as JSON


def ensure_demo(now: datetime, *, count: int = COUNT) -> None:
    """Make what is not there yet."""
    marker = Path(settings.DATA_DIR) / "demo.json"
    if marker.exists():
        return
    owner = _find_owner()
    _ensure_people(owner, now, count)
    with transaction.atomic():
        content_settings_id = _ensure_content_settings(owner)
        emails = [_ensure_email(values, owner, now) for values in EMAILS]
    news = _ensure_list(owner, now)
    segments = _ensure_segments(owner, now)
    _ensure_journey(owner, now, emails, segments, content_settings_id)
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"made_at": now.isoformat(), "list": news}), encoding="utf-8")
    log.info("demo_made", contacts=Contact.objects.count())


def _find_owner() -> Principal:
    user = User.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True).order_by("id").first()
    if user is None:
        raise RuntimeError("The demo needs an administrator: make the first login before it.")
    return principal_of(user)


def _ensure_people(owner: Principal, now: datetime, count: int) -> None:
    for key, label, kind, options in CUSTOM_COLUMNS:
        if not CustomColumn.objects.filter(entity="contact", key=key).exists():
            add_custom_column(entity="contact", key=key, label=label, kind=kind, options=options)
    for company in list_companies():
        if not Company.objects.filter(external_id=company["external_id"]).exists():
            create_company(company, principal=owner, now=now)
    if Contact.objects.filter(external_id=f"demo-{count}").exists():
        return
    with tempfile.TemporaryDirectory(prefix="senet-demo-") as folder:
        path = Path(folder) / "members.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(list_contacts(now, count))
        import_contacts(path, principal=owner, key="external_id", mapping=_make_mapping())


def _make_mapping() -> dict[str, str]:
    custom = {key for key, *_ in CUSTOM_COLUMNS}
    return {name: f"custom.{name}" if name in custom else name for name in COLUMNS}


def _ensure_content_settings(owner: Principal) -> int:
    found = ContentSettings.objects.filter(name=SHOP).values_list("id", flat=True).first()
    if found is not None:
        return found
    made = create_content_settings(
        business_unit_id=owner.business_unit_id,
        name=SHOP,
        address_main="1 Quay Road, Falmouth TR11 3JT, United Kingdom",
    )
    go_live_content_settings(made)
    return made


def _ensure_email(values: Mapping[str, str], owner: Principal, now: datetime) -> int:
    found = Email.objects.filter(name=values["name"]).values_list("id", flat=True).first()
    if found is not None:
        return found
    made = create_email(
        business_unit_id=owner.business_unit_id,
        owner_id=owner.user_id,
        from_name=SHOP,
        from_address="hello@shop.example.com",
        reply_to="team@shop.example.com",
        **values,
    )
    go_live_email(made, now=now, by=owner.user_id)
    return made


def _ensure_list(owner: Principal, now: datetime) -> int:
    name = "Trip reports"
    found = SubscriptionList.objects.filter(name=name).values_list("id", flat=True).first()
    if found is not None:
        return found
    made = audiences.create_list(
        name=name,
        description="A letter a month, written by members.",
        business_unit_id=owner.business_unit_id,
        owner_id=owner.user_id,
    )
    readers = Contact.objects.filter(external_id__startswith="demo-", consent_level__gte=4).order_by("id")[:600]
    audiences.join_list(made, [reader.pk for reader in readers], by="form", now=now)
    return made


def _clause(field: str, operator: str, *values: object, **more: object) -> Definition:
    return {"kind": "clause", "field": field, "operator": operator, "values": list(values), **more}


def _all(*items: Definition) -> Definition:
    return {"kind": "group", "join": "and", "items": list(items)}


SEGMENTS: tuple[tuple[str, str, Definition], ...] = (
    (
        "New members",
        "Everybody whose membership began in the last 90 days. Some begin while you look.",
        _all(
            _clause("contact.custom.member_since", "last", amount=90, unit="days"),
            _clause("contact.consent_level", "at_least", 3),
        ),
    ),
    (
        "Paddlers in Europe",
        "Members who like kayaking, on this side of the Atlantic.",
        _all(
            _clause("contact.country", "is_in", "DE", "GB", "FR", "ES", "SE"),
            _clause("contact.custom.interests", "any_of", "kayaking"),
        ),
    ),
    (
        "Birthdays this week",
        "Whom to congratulate within seven days.",
        _all(_clause("contact.custom.birthday", "anniversary_next", amount=7)),
    ),
    (
        "At larger companies",
        "Members whose company has 200 people or more.",
        _all(_clause("company.employees", "at_least", 200)),
    ),
)
STAFF = "Staff and partners"


def _ensure_segments(owner: Principal, now: datetime) -> dict[str, int]:
    made = {name: _ensure_segment(name, text, tree, owner, now) for name, text, tree in SEGMENTS}
    made[STAFF] = _ensure_segment(STAFF, "They get no marketing.", None, owner, now)
    if not Segment.objects.filter(pk=made[STAFF], size__gt=0).exists():
        staff = Contact.objects.filter(external_id__startswith="demo-", company__external_id="demo-company-4")[:25]
        audiences.add_members(made[STAFF], [one.pk for one in staff], now=now)
    return made


def _ensure_segment(name: str, text: str, tree: Definition | None, owner: Principal, now: datetime) -> int:
    found = Segment.objects.filter(name=name).values_list("id", flat=True).first()
    if found is not None:
        return found
    made = audiences.create_segment(
        name=name,
        description=text,
        kind="static" if tree is None else "dynamic",
        definition=tree or {},
        time_zone="Europe/London",
        business_unit_id=owner.business_unit_id,
        owner_id=owner.user_id,
    )
    audiences.go_live(made)
    audiences.evaluate_segment(made, now)
    return made


def _ensure_journey(
    owner: Principal, now: datetime, emails: list[int], segments: Mapping[str, int], content_settings_id: int
) -> None:
    found = Journey.objects.filter(name=JOURNEY).first()
    if found is not None:
        return
    made = journeys.create_journey(
        author=Author(owner.user_id, owner.business_unit_id),
        now=now,
        name=JOURNEY,
        description="Greets new members, invites those who look around and reminds those who do not.",
        time_zone="Europe/London",
        start_at=now,
        minimum_consent=3,
        content_settings_id=content_settings_id,
        definition=draw_journey(emails, segments),
    )
    journeys.go_live(made, now=now, user_id=owner.user_id)


def draw_journey(emails: list[int], segments: Mapping[str, int]) -> Definition:
    """Return the demo's journey; its waits are minutes, so that it moves while one looks."""
    welcome, first_trip, reminder = emails
    sources = [
        {"kind": "segment", "id": segments["New members"], "containment": "include"},
        {"kind": "segment", "id": segments[STAFF], "containment": "exclude"},
    ]
    opened = [{"source": 2, "condition": "opened"}, {"source": 2, "condition": "clicked"}]
    call = "Call and ask what keeps them"
    return {
        "tiles": [
            {"id": 1, "kind": "audience", "name": "New members", "sources": sources, "merge": "union", "next": 2},
            {"id": 2, "kind": "email", "name": "Welcome", "email_id": welcome, "next": 3},
            {
                "id": 3,
                "kind": "if_then",
                "name": "Looked at the welcome?",
                "rules": opened,
                "logic": "or",
                "timeout": {"amount": 4, "unit": "minutes"},
                "yes": 4,
                "no": 7,
            },
            {"id": 4, "kind": "wait_for", "name": "A pause", "duration": {"amount": 2, "unit": "minutes"}, "next": 5},
            {"id": 5, "kind": "email", "name": "First trip", "email_id": first_trip, "next": 6},
            {
                "id": 6,
                "kind": "if_then",
                "name": "Picked a trip?",
                "rules": [{"source": 5, "condition": "clicked"}],
                "timeout": {"amount": 6, "unit": "minutes"},
                "yes": 10,
                "no": None,
            },
            {"id": 7, "kind": "email", "name": "Reminder", "email_id": reminder, "next": 8},
            {
                "id": 8,
                "kind": "split",
                "name": "A fifth get a call",
                "by": "percentage",
                "branches": [
                    {"label": "Call", "amount": 20, "next": 9},
                    {"label": "Leave in peace", "amount": None, "next": None},
                ],
            },
            {"id": 9, "kind": "phone_call", "name": "Call", "subject": call, "due_in": {"amount": 2, "unit": "days"}},
            {"id": 10, "kind": "task", "name": "Book", "subject": "Book the trip", "assign_to": "contact_owner"},
        ]
    }
