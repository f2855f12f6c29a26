"""What people have asked for and must confirm, and how double opt-in is set up."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audiences", "0003_evaluation"),
        ("content", "0005_ab_test"),
        ("people", "0006_option_labels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfirmationSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("enabled", models.BooleanField(db_default=False)),
                ("subscription_thanks_url", models.TextField(db_default="")),
                ("consent_thanks_url", models.TextField(db_default="")),
                ("centre_shows_consent", models.BooleanField(db_default=False)),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "consent_email",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="content.email"
                    ),
                ),
                (
                    "content_settings",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="content.contentsettings",
                    ),
                ),
                (
                    "subscription_email",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="content.email"
                    ),
                ),
            ],
            options={
                "db_table": "confirmation_settings",
            },
        ),
        migrations.CreateModel(
            name="ConfirmationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("consent_level", models.SmallIntegerField(null=True)),
                ("object_name", models.TextField()),
                ("object_description", models.TextField(db_default="")),
                ("address", models.TextField()),
                ("state", models.TextField(db_default="waiting")),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("mails", models.SmallIntegerField(db_default=0)),
                ("mail_due_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.contact",
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="audiences.subscriptionlist",
                    ),
                ),
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
                "db_table": "confirmation_request",
                "indexes": [
                    models.Index(fields=["contact", "-id"], name="confirmation_request_contact"),
                    models.Index(
                        condition=models.Q(("mail_due_at__isnull", False)),
                        fields=["mail_due_at"],
                        name="confirmation_request_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("contact"),
                        models.F("kind"),
                        django.db.models.functions.comparison.Coalesce("list", 0),
                        condition=models.Q(("state", "waiting")),
                        name="confirmation_request_waits_once",
                    )
                ],
            },
        ),
    ]
