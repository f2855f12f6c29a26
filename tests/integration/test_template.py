"""The suite's own ground: a migrated database."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_template_has_the_ledger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM visit")
        assert cursor.fetchone() == (0,)
