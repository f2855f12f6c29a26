"""What has to be done to the database before any process starts: migrations, the first login, the demo."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from senet.content.templates import ensure_gallery as ensure_email_gallery
from senet.demo.seed import ensure_demo
from senet.journeys.templates import ensure_gallery
from senet.shared.clock import utc_now
from senet.shared.errors import SenetError
from senet.workers.login import ensure_login

_OLDEST_POSTGRES = 150000


class TooOld(SenetError):  # noqa: N818
    """This PostgreSQL is older than 15."""

    code = "postgres_too_old"
    status = 503


def migrate() -> None:
    """Bring the database's tables up to date. One process does it at a time; the others wait and find it done."""
    with connection.cursor() as cursor:
        if connection.cursor().connection.info.server_version < _OLDEST_POSTGRES:
            raise TooOld("This PostgreSQL is older than 15. Set DATABASE_URL to a newer one.")
        cursor.execute("SELECT pg_advisory_lock(hashtext('senet migrate'))")
        try:
            call_command("migrate", verbosity=0, interactive=False)
            ensure_gallery()
            ensure_email_gallery()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('senet migrate'))")


def run(*, demo: bool) -> None:
    """Prepare the database."""
    migrate()
    ensure_login(settings.DATA_DIR)
    if demo:
        ensure_demo(utc_now())
