"""Leads: somebody who may buy. Journeys may watch them, as they watch contacts (0003)."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

TRIGGERS = """
CREATE TRIGGER lead_created AFTER INSERT ON lead REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_record_changes('contact_id');
CREATE TRIGGER lead_updated AFTER UPDATE ON lead REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_record_changes('contact_id');
CREATE TRIGGER lead_deleted AFTER DELETE ON lead REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_record_changes('contact_id');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sessions_and_attempts"),
        ("people", "0003_record_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="customcolumn",
            name="entity",
            field=models.TextField(choices=[("contact", "contact"), ("company", "company"), ("lead", "lead")]),
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.TextField(db_default="")),
                ("first_name", models.TextField(db_default="")),
                ("last_name", models.TextField()),
                ("email", models.TextField(db_default="")),
                ("phone", models.TextField(db_default="")),
                ("company_name", models.TextField(db_default="")),
                ("for_company", models.BooleanField(db_default=False)),
                ("journey_id", models.BigIntegerField(null=True)),
                ("iteration", models.IntegerField(null=True)),
                ("tile", models.IntegerField(null=True)),
                ("email_id", models.BigIntegerField(null=True)),
                ("status", models.TextField(db_default="open")),
                ("custom", models.JSONField(db_default={}, default=dict)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "business_unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.businessunit",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="people.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="people.contact",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "lead",
                "indexes": [
                    models.Index(
                        condition=models.Q(("contact__isnull", False)), fields=["contact"], name="lead_contact"
                    ),
                    models.Index(
                        condition=models.Q(("company__isnull", False)), fields=["company"], name="lead_company"
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Collate(
                            django.db.models.functions.text.Lower("last_name"), "C"
                        ),
                        django.db.models.functions.comparison.Collate(
                            django.db.models.functions.text.Lower("first_name"), "C"
                        ),
                        models.F("id"),
                        name="lead_by_name",
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Collate(
                            django.db.models.functions.text.Lower("first_name"), "C"
                        ),
                        name="lead_by_first_name",
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Collate(
                            django.db.models.functions.text.Lower("company_name"), "C"
                        ),
                        name="lead_by_company_name",
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Collate(
                            django.db.models.functions.text.Lower("email"), "C"
                        ),
                        name="lead_by_email",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("contact__isnull", False), ("for_company", False), ("journey_id__isnull", False)
                        ),
                        fields=("journey_id", "iteration", "tile", "contact"),
                        name="lead_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("company__isnull", False), ("for_company", True), ("journey_id__isnull", False)
                        ),
                        fields=("journey_id", "iteration", "tile", "company"),
                        name="lead_once_a_company",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
