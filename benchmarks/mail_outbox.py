"""What the mail benchmark sends: people, a 22 kB mail, and rows in the outbox."""

from __future__ import annotations

import time
from datetime import UTC, datetime

_CHUNK = 25_000
DOMAIN = "shop.example.com"


def make_people(count: int) -> None:
    """Make the tables, and so many people in them."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE contact, message, message_queue, interaction, sender, email CASCADE")
        cursor.execute("ALTER SEQUENCE contact_id_seq RESTART")
        cursor.execute("INSERT INTO business_unit (name) SELECT 'Main' WHERE NOT EXISTS (SELECT FROM business_unit)")
        cursor.execute(
            "INSERT INTO contact (first_name, last_name, email, city, country, custom, business_unit_id)"
            " SELECT 'First' || n, 'Last' || n, md5(n::text) || '@d' || n %% 997 || '.example.com', 'City' || n %% 50,"
            " (ARRAY['DE','US','FR','JP'])[1 + n %% 4], jsonb_build_object('plan', n %% 3),"
            " (SELECT min(id) FROM business_unit) FROM generate_series(1, %s) AS n",
            [count],
        )
        cursor.execute("VACUUM ANALYZE contact")


def make_email() -> tuple[int, int]:
    """Publish the mail; returns the email and its version."""
    from django.db import connection, transaction

    from benchmarks.render import make_html
    from senet.content.actions import create_email, go_live_email
    from senet.content.models import Email

    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM business_unit")
        unit = cursor.fetchone()[0]
    with transaction.atomic():
        email_id = create_email(
            business_unit_id=unit,
            owner_id=None,
            name="Spring",
            subject="Spring is here, {{ contact.first_name }}",
            from_name="The Shop",
            from_address=f"news@{DOMAIN}",
            source=make_html(),
        )
        go_live_email(email_id, now=datetime.now(UTC))
    return email_id, int(Email.objects.get(pk=email_id).live_version_id or 0)


def clear() -> None:
    """Empty the outbox and the log."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE message, message_queue, interaction, sender")


def enqueue(tile: int, count: int, email_id: int, version_id: int) -> float:
    """Put the first so many people into the outbox.

    Units: seconds.
    """
    from django.db import connection, transaction

    from senet.messages.actions import enqueue_cohort

    seconds = 0.0
    for first in range(1, count + 1, _CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE cohort (contact_id bigint PRIMARY KEY) ON COMMIT DROP")
            last = min(count, first + _CHUNK - 1)
            cursor.execute("INSERT INTO cohort SELECT * FROM generate_series(%s::bigint, %s)", [first, last])
            cursor.execute("ANALYZE cohort")
            started = time.perf_counter()
            enqueue_cohort(
                journey_id=1,
                iteration=1,
                tile=tile,
                email_id=email_id,
                email_version_id=version_id,
                content_settings_id=None,
                now=datetime.now(UTC),
            )
            seconds += time.perf_counter() - started
    return seconds


def render_one(version_id: int) -> bytes:
    """Return the mail as the first person gets it."""
    from senet.delivery.rendering import Preparer, Renderers
    from senet.messages.values import ClaimedMessage, Result

    now = datetime.now(UTC)
    message = ClaimedMessage(1, 1, 1, 1, version_id, None, "p1@example.com", "example.com", 0, now, True)
    rendered = Renderers().render(Preparer().prepare([message], now)[0], now)
    assert not isinstance(rendered, Result), rendered
    return rendered.content
