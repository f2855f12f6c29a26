"""Fills a real installation with a crowd on the demo's journey; run as a process: `python -m tests.support.crowd N`.

Out: on stdout, as JSON, the journey's id. With `urls N`: addresses of beacons of delivered messages, as the mails have.
"""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "senet.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from senet.accounts.actions import create_user  # noqa: E402
from senet.accounts.queries import get_administrator  # noqa: E402
from senet.accounts.values import Author, Role  # noqa: E402
from senet.audiences import actions as audiences  # noqa: E402
from senet.content.actions import create_email, go_live_email  # noqa: E402
from senet.content.settings_actions import create_content_settings, go_live_content_settings  # noqa: E402
from senet.demo.letters import EMAILS  # noqa: E402
from senet.demo.seed import CUSTOM_COLUMNS, draw_journey  # noqa: E402
from senet.interactions import partitions  # noqa: E402
from senet.journeys import actions as journeys  # noqa: E402
from senet.people.actions import add_custom_column  # noqa: E402
from senet.shared.clock import utc_now  # noqa: E402
from senet.shared.tokens import LinkToken, sign_link  # noqa: E402


def make_crowd(people: int) -> int:
    """Make contacts, a static segment of all of them, the demo's emails and its journey; take it live."""
    now = utc_now()
    partitions.ensure(now)
    create_user(email="owner@example.org", name="Owner", password="long enough a password", role=Role.ADMINISTRATOR)
    owner = get_administrator()
    unit = owner.business_unit_id
    for key, label, kind, options in CUSTOM_COLUMNS:
        add_custom_column(entity="contact", key=key, label=label, kind=kind, options=options)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contact (first_name, email, business_unit_id, country)"
            " SELECT 'Pat ' || n, 'pat' || n || '@example.org', %s, 'DE' FROM generate_series(1, %s) AS n",
            [unit, people],
        )
        cursor.execute("SELECT array_agg(id) FROM contact")
        everybody = cursor.fetchone()[0]
    ids = {}
    for name, members in (("New members", everybody), ("Staff and partners", [])):
        segment = audiences.create_segment(
            name=name,
            description="",
            kind="static",
            definition={},
            time_zone="UTC",
            business_unit_id=unit,
            owner_id=owner.user_id,
        )
        audiences.go_live(segment)
        audiences.evaluate_segment(segment, now)
        if members:
            audiences.add_members(segment, members, now=now)
        ids[name] = segment
    with transaction.atomic():
        content_settings = create_content_settings(business_unit_id=unit, name="Shop", address_main="1 Quay Road")
        go_live_content_settings(content_settings)
        emails = []
        for values in EMAILS:
            email = create_email(
                business_unit_id=unit,
                owner_id=owner.user_id,
                from_name="Shop",
                from_address="shop@example.com",
                **values,
            )
            go_live_email(email, now=now, by=owner.user_id)
            emails.append(email)
    journey = journeys.create_journey(
        author=Author(owner.user_id, unit),
        now=now,
        name="Welcome",
        time_zone="UTC",
        start_at=now,
        minimum_consent=3,
        content_settings_id=content_settings,
        definition=draw_journey(emails, ids),
    )
    journeys.go_live(journey, now=now, user_id=owner.user_id)
    return journey


def list_beacons(count: int) -> list[str]:
    """Return the beacons of the first messages of tile 2 that were delivered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, email_version_id FROM message WHERE tile = 2 AND state = 'delivered' ORDER BY id LIMIT %s",
            [count],
        )
        rows = cursor.fetchall()
    return [
        f"{settings.DOOR_URL}/o/{sign_link(LinkToken(message, version, 0), purpose='open')}"
        for message, version in rows
    ]


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    answer = list_beacons(int(rest[0])) if what == "urls" else make_crowd(int(what))
    sys.stdout.write("\n" + json.dumps(answer) + "\n")
