"""The interaction log, the shipper's offsets, and `senet_xid`, which every shipped table uses."""

from django.db import migrations

SQL = """
CREATE FUNCTION senet_xid() RETURNS bigint LANGUAGE sql STABLE PARALLEL RESTRICTED
    AS $$ SELECT pg_current_xact_id()::text::bigint $$;

CREATE TABLE interaction (
    id bigint GENERATED ALWAYS AS IDENTITY,
    xid bigint NOT NULL DEFAULT senet_xid(),
    type text NOT NULL,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    contact_id bigint, company_id bigint, lead_id bigint,
    visitor text, session text,
    journey_id bigint, iteration int, tile int,
    message_id bigint, email_id bigint, link smallint,
    form_id bigint, submission_id bigint, page_id bigint, website_id bigint, redirect_id bigint,
    list_id bigint, segment_id bigint, event_id bigint,
    domain text, address text,
    country text, region text, city text,
    browser text, os text, device text,
    verdict text, rule text,
    detail jsonb
) PARTITION BY RANGE (recorded_at);
CREATE TABLE interaction_default PARTITION OF interaction DEFAULT;
CREATE INDEX interaction_xid ON interaction USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE ship_offset (
    stream text PRIMARY KEY,
    xid bigint NOT NULL DEFAULT 0,        -- every row below it is in ClickHouse
    upto_xid bigint,                      -- a batch under way: [xid, upto_xid); repeated whole after a crash
    rows_shipped bigint NOT NULL DEFAULT 0,
    shipped_at timestamptz
);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            SQL,
            "DROP TABLE interaction; DROP TABLE ship_offset; DROP FUNCTION senet_xid();",
        )
    ]
