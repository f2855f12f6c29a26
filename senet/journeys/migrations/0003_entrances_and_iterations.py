"""Several entrances, business-unit scope, targets and recurrence."""

from django.db import migrations, models

SQL = """
ALTER TABLE enrolment ADD COLUMN tile int NOT NULL DEFAULT 0;  -- the entrance
ALTER TABLE enrolment DROP CONSTRAINT enrolment_pkey;
ALTER TABLE enrolment ADD PRIMARY KEY (journey_id, iteration, tile, low);
CREATE TABLE entry (                      -- whom a form or a changed record is to bring in; gone when they are in
    journey_id bigint NOT NULL, iteration int NOT NULL, tile int NOT NULL, contact_id bigint NOT NULL,
    PRIMARY KEY (journey_id, iteration, tile, contact_id)
);
"""
BACK = """
DROP TABLE entry;
DELETE FROM enrolment;
ALTER TABLE enrolment DROP CONSTRAINT enrolment_pkey;
ALTER TABLE enrolment DROP COLUMN tile;
ALTER TABLE enrolment ADD PRIMARY KEY (journey_id, iteration, low);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_ledger")]
    operations = [
        migrations.AddField("journey", "target", models.TextField(default="contact")),
        migrations.AddField("journey", "scope", models.TextField(default="organization")),
        migrations.AddField("journey", "is_recurring", models.BooleanField(default=False)),
        migrations.AddField("journey", "interval_days", models.IntegerField(null=True)),
        migrations.AddField("journey", "iteration_count", models.IntegerField(null=True)),
        migrations.AddField("iteration", "due_end_at", models.DateTimeField(null=True)),
        migrations.RunSQL(SQL, BACK),
    ]
