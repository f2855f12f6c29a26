"""Contacts and companies say who made them, as far as that is known. No constraint: imports write many at once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _make_column() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0004_leads"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("company", "created_by", _make_column()),
        migrations.AddField("contact", "created_by", _make_column()),
    ]
