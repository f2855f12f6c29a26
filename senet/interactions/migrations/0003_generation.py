"""How often a stream was sent back to the beginning: part of its deduplication tokens."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_first_days")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE ship_offset ADD COLUMN generation int NOT NULL DEFAULT 0",
            "ALTER TABLE ship_offset DROP COLUMN generation",
        )
    ]
