"""Quick sends leave before bulk; and senders know what the journeys that are live already ask of people."""

from django.db import migrations, models

TERMS = """
INSERT INTO message_terms (journey_id, minimum_consent, list_ids, time_zone)
SELECT journey.id, coalesce((version.snapshot->>'minimum_consent')::smallint, 0),
       ARRAY(SELECT DISTINCT (source->>'id')::bigint
             FROM jsonb_path_query(version.definition,
                 '$.tiles[*].sources[*] ? (@.kind == "list" && @.id != null && (!exists(@.containment) || @.containment == "include"))'
             ) AS source ORDER BY 1),
       coalesce(nullif(version.snapshot->>'time_zone', ''), 'UTC')
FROM journey JOIN journey_version AS version ON version.id = journey.live_version_id
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0016_open_hours"), ("messages", "0005_pacing_indexes")]
    operations = [
        migrations.AddField("journey", "urgent", models.BooleanField(db_default=False, default=False)),
        migrations.RunSQL(TERMS, migrations.RunSQL.noop),
    ]
