"""Which spool files have been replayed."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("interactions", "0001_log")]
    operations = [
        migrations.RunSQL(
            "CREATE TABLE door_spool (name text PRIMARY KEY, replayed_at timestamptz NOT NULL)",
            "DROP TABLE door_spool",
        )
    ]
