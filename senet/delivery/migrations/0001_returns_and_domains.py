"""Mails that came back, sending domains with their keys, hosts that no mail may lead to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_sessions_and_attempts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnedMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_at", models.DateTimeField()),
                ("source", models.TextField()),
                ("digest", models.BinaryField(max_length=32)),
                ("kind", models.TextField()),
                ("message_id", models.BigIntegerField(null=True)),
                ("counted", models.BooleanField()),
                ("reason", models.TextField(db_default="")),
                ("raw", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "returned_mail",
                "indexes": [
                    models.Index(
                        condition=models.Q(("message_id__isnull", False)),
                        fields=["message_id"],
                        name="returned_mail_message",
                    ),
                    models.Index(fields=["received_at"], name="returned_mail_received"),
                    models.Index(condition=models.Q(("raw__isnull", False)), fields=["id"], name="returned_mail_kept"),
                ],
                "constraints": [models.UniqueConstraint(fields=("digest",), name="returned_mail_once")],
            },
        ),
        migrations.CreateModel(
            name="BlockedHost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.TextField()),
                ("note", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
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
                "db_table": "blocked_host",
                "constraints": [models.UniqueConstraint(fields=("host",), name="blocked_host_once")],
            },
        ),
        migrations.CreateModel(
            name="SendingDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.TextField()),
                ("signs", models.BooleanField(default=True)),
                ("selector", models.TextField()),
                ("rsa_key", models.BinaryField()),
                ("ed25519_selector", models.TextField(default="")),
                ("ed25519_key", models.BinaryField(null=True)),
                ("bounce_domain", models.TextField(default="")),
                ("checked_at", models.DateTimeField(null=True)),
                ("findings", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                (
                    "business_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.businessunit",
                    ),
                ),
            ],
            options={
                "db_table": "sending_domain",
                "constraints": [models.UniqueConstraint(fields=("domain",), name="sending_domain_once")],
            },
        ),
    ]
