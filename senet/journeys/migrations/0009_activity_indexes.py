"""The indexes of activities, made while tiles go on writing; and the business units of the tasks that were there."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_AT_ONCE = 10_000


def _fill_units(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM activity")
        (last,) = cursor.fetchone()
        for low in range(0, last + 1, _AT_ONCE):
            cursor.execute(
                "UPDATE activity SET business_unit_id = journey.business_unit_id FROM journey"
                " WHERE journey.id = activity.journey_id AND activity.business_unit_id IS NULL"
                " AND activity.id >= %s AND activity.id < %s",
                [low, low + _AT_ONCE],
            )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journeys", "0008_activities"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        AddIndexConcurrently("activity", models.Index(fields=["assigned_to", "due_at"], name="activity_assigned")),
        AddIndexConcurrently("activity", models.Index(fields=["contact_id"], name="activity_contact")),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY activity_once_a_company"
                    " ON activity (journey_id, iteration, tile, company_id) WHERE contact_id IS NULL",
                    "DROP INDEX activity_once_a_company",
                )
            ],
            [
                migrations.AddConstraint(
                    "activity",
                    models.UniqueConstraint(
                        fields=["journey", "iteration", "tile", "company_id"],
                        condition=models.Q(contact_id__isnull=True),
                        name="activity_once_a_company",
                    ),
                )
            ],
        ),
        migrations.AlterField(
            "activity",
            "assigned_to",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                db_constraint=False,
                db_index=False,
            ),
        ),
        migrations.RunPython(_fill_units, migrations.RunPython.noop),
    ]
