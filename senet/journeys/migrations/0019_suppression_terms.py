"""Tell senders the suppression segments of the journeys that are live already."""

from django.db import migrations

TERMS = """
UPDATE message_terms SET suppression_segment_id = (version.snapshot->>'suppression_segment_id')::bigint
FROM journey JOIN journey_version AS version ON version.id = journey.live_version_id
WHERE journey.id = message_terms.journey_id
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0018_quick_send_request"), ("messages", "0007_suppression_segment")]
    operations = [migrations.RunSQL(TERMS, migrations.RunSQL.noop)]
