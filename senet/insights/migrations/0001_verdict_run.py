"""The runs that judged opens and clicks again: where the next one begins, and whether one was cut short."""

from django.db import migrations

SQL = """
CREATE TABLE verdict_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,              -- NULL: it was cut short, and what is derived may be behind
    changed bigint NOT NULL DEFAULT 0
);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("interactions", "0001_log")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE verdict_run")]
