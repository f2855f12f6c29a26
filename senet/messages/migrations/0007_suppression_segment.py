"""Senders ask again whether somebody has joined the journey's suppression segment."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messages", "0006_sending_limit")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE message_terms ADD COLUMN suppression_segment_id bigint",  # NULL: it has none
            "ALTER TABLE message_terms DROP COLUMN suppression_segment_id",
        )
    ]
