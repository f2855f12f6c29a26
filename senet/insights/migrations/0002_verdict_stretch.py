"""What a run that judged again looked at, and what it was changing when it was cut short."""

from django.db import migrations

SQL = """
ALTER TABLE verdict_run
    ADD COLUMN since timestamptz,    -- NULL: the whole log
    ADD COLUMN emails bigint[],      -- whose numbers are being changed; NULL: nobody's
    ADD COLUMN years integer[];      -- NULL beside emails: all of them, for there are too many
"""
UNDO = "ALTER TABLE verdict_run DROP COLUMN since, DROP COLUMN emails, DROP COLUMN years"


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_verdict_run")]
    operations = [migrations.RunSQL(SQL, UNDO)]
