"""Who is suppressed, with the trail; the month's quota; when the recipient of a message complained."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messages", "0002_queue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE message ADD COLUMN complained_at timestamptz", "ALTER TABLE message DROP COLUMN complained_at"
        ),
        migrations.CreateModel(
            name="MailQuota",
            fields=[
                ("month", models.DateField(primary_key=True, serialize=False)),
                ("used", models.BigIntegerField()),
            ],
            options={
                "db_table": "mail_quota",
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField()),
                ("cause", models.TextField()),
                ("category", models.TextField(db_default="")),
                ("reason", models.TextField(db_default="")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("message_id", models.BigIntegerField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "suppression",
                "constraints": [models.UniqueConstraint(fields=("key",), name="suppression_key_once")],
            },
        ),
        migrations.CreateModel(
            name="SuppressionChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField()),
                ("change", models.TextField()),
                ("cause", models.TextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("message_id", models.BigIntegerField(null=True)),
                ("note", models.TextField(db_default="")),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "suppression_change",
                "indexes": [models.Index(fields=["key", "id"], name="suppression_change_key")],
            },
        ),
    ]
