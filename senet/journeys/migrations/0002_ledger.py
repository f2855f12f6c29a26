"""The ledger of visits, and what the engine keeps beside it."""

from django.db import migrations

SQL = """
CREATE TABLE visit (                      -- the ledger: one row a person × tile × iteration
    journey_id bigint NOT NULL, iteration int NOT NULL, tile int NOT NULL, contact_id bigint NOT NULL,
    arrived_at timestamptz NOT NULL,
    due_at timestamptz,                   -- waiting: when the tile lets go by itself
    left_at timestamptz,                  -- NULL: here is where the person stands
    outcome text,                         -- processed, stopped, expired, failed
    reason text,
    branch smallint,                      -- the way out: 0 is the only one, true, or the first
    arrived_xid bigint NOT NULL,          -- written once; what the shipper follows
    left_xid bigint,
    PRIMARY KEY (journey_id, iteration, tile, contact_id)
) WITH (fillfactor = 90);
CREATE INDEX visit_due ON visit (journey_id, tile, due_at) WHERE left_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX visit_arrived_xid ON visit USING brin (arrived_xid) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX visit_left_xid ON visit USING brin (left_xid) WITH (pages_per_range = 32, autosummarize = on);
CREATE TABLE first_interaction (          -- what open if/then tiles may ask about, kept beside the messages
    contact_id bigint NOT NULL, journey_id bigint NOT NULL, iteration int NOT NULL, tile int NOT NULL,
    type text NOT NULL, link smallint NOT NULL DEFAULT 0,  -- 0: any link
    at timestamptz NOT NULL,
    PRIMARY KEY (journey_id, iteration, tile, contact_id, type, link)
);
CREATE TABLE engine_position (            -- how far a reader of a log has come: every xid below it is done
    reader text PRIMARY KEY, xid bigint NOT NULL DEFAULT 0,
    upto_xid bigint,                      -- a long stretch under way: [xid, upto_xid), done up to last_id
    last_id bigint NOT NULL DEFAULT 0,
    moved_at timestamptz
);
INSERT INTO engine_position (reader) VALUES ('interaction'), ('membership');
CREATE TABLE enrolment (                  -- stretches of contact ids that still have to be called in
    journey_id bigint NOT NULL, iteration int NOT NULL, low bigint NOT NULL, high bigint NOT NULL,
    PRIMARY KEY (journey_id, iteration, low)
);
CREATE TABLE split_share (                -- how many people each branch of a split has taken
    journey_id bigint NOT NULL, iteration int NOT NULL, tile int NOT NULL, branch smallint NOT NULL,
    taken bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (journey_id, iteration, tile, branch)
);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial"), ("interactions", "0001_log")]
    operations = [
        migrations.RunSQL(SQL, "DROP TABLE visit, first_interaction, engine_position, enrolment, split_share")
    ]
