"""Tasks become activities, of three kinds, with templates. The table keeps its rows; its new indexes follow in 0009."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sessions_and_attempts"),
        ("journeys", "0007_listing_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            "ActivityTemplate",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("subject", models.TextField()),
                ("description", models.TextField(default="")),
                ("priority", models.TextField(default="normal")),
                ("due_in_minutes", models.IntegerField(null=True)),
                ("start_after_minutes", models.IntegerField(null=True)),
                ("duration_minutes", models.IntegerField(null=True)),
                ("location", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "business_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.businessunit"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "activity_template"},
        ),
        migrations.RenameModel("Task", "Activity"),
        migrations.AlterModelTable("Activity", "activity"),
        migrations.RunSQL(
            "ALTER SEQUENCE task_id_seq RENAME TO activity_id_seq",
            "ALTER SEQUENCE activity_id_seq RENAME TO task_id_seq",
        ),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER INDEX task_once RENAME TO activity_once", "ALTER INDEX activity_once RENAME TO task_once"
                )
            ],
            [
                migrations.RemoveConstraint("activity", "task_once"),
                migrations.AddConstraint(
                    "activity",
                    models.UniqueConstraint("journey", "iteration", "tile", "contact_id", name="activity_once"),
                ),
            ],
        ),
        migrations.AddField("activity", "kind", models.TextField(db_default="task")),
        migrations.AddField(
            "activity",
            "template",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="journeys.activitytemplate",
                db_constraint=False,
                db_index=False,
            ),
        ),
        migrations.AlterField("activity", "contact_id", models.BigIntegerField(null=True)),
        # The way back: tasks were about contacts alone.
        migrations.RunSQL(migrations.RunSQL.noop, "DELETE FROM activity WHERE contact_id IS NULL"),
        migrations.AddField("activity", "company_id", models.BigIntegerField(null=True)),
        migrations.AddField("activity", "priority", models.TextField(db_default="normal")),
        migrations.AddField("activity", "location", models.TextField(db_default="")),
        migrations.AddField("activity", "start_at", models.DateTimeField(null=True)),
        migrations.AddField("activity", "end_at", models.DateTimeField(null=True)),
        migrations.AddField("activity", "duration_minutes", models.IntegerField(null=True)),
        migrations.AddField(
            "activity",
            "business_unit",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.businessunit",
                db_constraint=False,
                db_index=False,
            ),
        ),
    ]
