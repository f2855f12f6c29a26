"""Reading changes nothing: every GET of the API, on records that exist, leaves every table as it was."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from senet.accounts.values import Role
from senet.api.api import api
from tests.support.accounts import sign_in
from tests.support.content import make_live_email
from tests.support.insights import make_drawn_journey
from tests.support.journeys import make_list, make_segment
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db
_NOTED = {"django_session", "api_key"}  # when somebody was here last


def list_gets() -> list[str]:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return sorted(path for path, operations in schema["paths"].items() if "get" in operations)


def dump() -> dict[str, int]:
    """A checksum of every table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in _NOTED]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT coalesce(sum(hashtextextended(each::text, 0)), 0) FROM "{table}" AS each')
            found[table] = int(cursor.fetchone()[0])
        return found


def test_no_get_changes_anything() -> None:
    person = make_contact(email="p@example.org")
    known = {
        "contacts": person.pk,
        "emails": make_live_email().pk,
        "segments": make_segment([person.pk]),
        "lists": make_list([person.pk]),
        "journeys": make_drawn_journey().pk,
    }
    client = sign_in(Role.ADMINISTRATOR)
    before, answered = dump(), 0
    for path in list_gets():
        room = path.removeprefix("/api/v1/").split("/")[0]
        asked = re.sub(r"\{\w+\}", str(known.get(room, 1)), path)
        response = client.client.get(asked)
        if hasattr(response, "streaming_content"):
            b"".join(response.streaming_content)
        answered += response.status_code == 200
        assert dump() == before, path
    assert answered > 20
