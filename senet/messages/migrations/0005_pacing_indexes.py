"""The queue is walked by urgency, and a person's messages by when they were queued: both never change."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # indexes are made beside the traffic
    dependencies = [("messages", "0004_pacing")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS message_queue_next ON message_queue (urgent, due_at)",
            "DROP INDEX message_queue_next",
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS message_queue_due",
            "CREATE INDEX CONCURRENTLY message_queue_due ON message_queue (due_at)",
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS message_contact_queued ON message (contact_id, queued_at)",
            "DROP INDEX message_contact_queued",
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS message_contact",
            "CREATE INDEX CONCURRENTLY message_contact ON message (contact_id)",
        ),
    ]
