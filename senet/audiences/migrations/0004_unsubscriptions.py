"""Who left lists of their own will is found by person: senders ask before each mail that goes to a list."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # the index is made beside the traffic
    dependencies = [("audiences", "0003_evaluation")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS membership_change_unsubscribed ON membership_change (contact_id)"
            " WHERE kind = 'list' AND change = -1 AND by IN ('centre', 'one_click', 'form')",
            "DROP INDEX membership_change_unsubscribed",
        )
    ]
