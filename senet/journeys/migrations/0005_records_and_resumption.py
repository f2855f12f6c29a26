"""Records that bring people in, and people who go on after they were stopped."""

from django.db import migrations, models

SQL = """
INSERT INTO engine_position (reader) VALUES ('record');
CREATE TABLE resumption (                 -- a stop that was undone: one row a time it happened, written once
    journey_id bigint NOT NULL, iteration int NOT NULL, tile int NOT NULL, contact_id bigint NOT NULL,
    arrived_at timestamptz NOT NULL, stopped_at timestamptz NOT NULL, reason text NOT NULL,
    stopped_xid bigint NOT NULL, resumed_at timestamptz NOT NULL, xid bigint NOT NULL
);
CREATE INDEX resumption_xid ON resumption USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX resumption_stopped_xid ON resumption
    USING brin (stopped_xid) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX resumption_visit ON resumption (journey_id, contact_id);
-- What has left tiles, as it was written: stops that were undone count once for and once against.
CREATE VIEW departure AS
    SELECT journey_id, iteration, tile, contact_id, arrived_at, left_at, outcome, reason, branch, 1 AS weight,
           left_xid AS xid
    FROM visit WHERE left_xid IS NOT NULL
    UNION ALL
    SELECT journey_id, iteration, tile, contact_id, arrived_at, stopped_at, 'stopped', reason, NULL, 1, stopped_xid
    FROM resumption
    UNION ALL
    SELECT journey_id, iteration, tile, contact_id, arrived_at, stopped_at, 'stopped', reason, NULL, -1, xid
    FROM resumption;
"""
BACK = """
DROP VIEW departure;
DROP TABLE resumption;
DELETE FROM engine_position WHERE reader = 'record';
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0004_refuse_large_emails"), ("people", "0003_record_changes")]
    operations = [
        migrations.AddField("journey", "live_since", models.DateTimeField(null=True)),
        migrations.RunSQL(SQL, BACK),
    ]
