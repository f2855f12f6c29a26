"""The plain way to take a click: a Django view with one INSERT through the ORM's connection, then a redirect."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


def click(request: HttpRequest, token: str) -> HttpResponse:
    """Check the token, insert the click with what its message tells, answer with the target."""
    from django.db import connection
    from django.utils import timezone

    from senet.shared.tokens import find_link

    found = find_link(token, purpose="redirect")
    if found is None:
        return HttpResponse(status=404)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO interaction (type, at, contact_id, journey_id, iteration, tile, message_id, email_id, link,"
            " domain, address, detail)"
            " SELECT 'EmailClicked', %s, contact_id, journey_id, iteration, tile, id, email_id, %s, domain, address,"
            " jsonb_build_object('user_agent', %s::text) FROM message WHERE id = %s",
            [timezone.now(), found.link, request.headers.get("User-Agent", ""), found.message_id],
        )
    return HttpResponseRedirect("https://example.com/target", headers={"Content-Length": "0"})


def make_application() -> WSGIHandler:
    """Return Django with nothing but this view: no middleware, connections that stay open."""
    import django
    from django.conf import settings
    from django.urls import path

    django.setup()
    settings.MIDDLEWARE = []
    settings.ROOT_URLCONF = __name__
    settings.DATABASES["default"]["CONN_MAX_AGE"] = None
    settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
    globals()["urlpatterns"] = [path("r/<str:token>", click)]
    return WSGIHandler()


def serve(port: int) -> None:
    """Serve it with granian, which also serves the door: one worker with eight threads."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        f"{Path(__file__).stem}:make_application",
        factory=True,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=8,
        backlog=2048,
        log_enabled=False,
        websockets=False,
        working_dir=Path(__file__).parent,
    ).serve()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "senet.config.settings")
    serve(int(sys.argv[1]))
