"""Who is in which segment and list, and the log of who joined and left."""

from django.db import migrations

SQL = """
CREATE TABLE segment_member (
    segment_id bigint NOT NULL, contact_id bigint NOT NULL, joined_at timestamptz NOT NULL,
    PRIMARY KEY (segment_id, contact_id)
);
CREATE INDEX segment_member_contact ON segment_member (contact_id);
CREATE TABLE list_member (
    list_id bigint NOT NULL, contact_id bigint NOT NULL, joined_at timestamptz NOT NULL,
    source text NOT NULL DEFAULT 'user',  -- user, import, centre, form
    PRIMARY KEY (list_id, contact_id)
);
CREATE INDEX list_member_contact ON list_member (contact_id);
CREATE TABLE membership_change (          -- append-only: what journeys and insights follow
    id bigint GENERATED ALWAYS AS IDENTITY,
    xid bigint NOT NULL DEFAULT senet_xid(),
    kind text NOT NULL,                   -- segment or list
    audience_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    change smallint NOT NULL,             -- +1 joined, -1 left
    by text NOT NULL DEFAULT 'rule',      -- rule, user, import, centre, one_click, form
    at timestamptz NOT NULL
);
CREATE INDEX membership_change_xid ON membership_change USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);
"""


class Migration(migrations.Migration):
    dependencies = [("audiences", "0001_initial"), ("interactions", "0001_log")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE segment_member, list_member, membership_change")]
