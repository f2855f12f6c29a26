"""The outbox: one row a person × email tile × iteration. See messages/states.py for its life."""

from django.db import migrations

SQL = """
CREATE TABLE message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    journey_id bigint NOT NULL, iteration int NOT NULL, tile int NOT NULL, contact_id bigint NOT NULL,
    email_id bigint NOT NULL, email_version_id bigint NOT NULL, content_settings_id bigint,
    address text NOT NULL,
    address_key text NOT NULL,            -- lower case: what duplicates are found by
    domain text NOT NULL,                 -- of the recipient
    state text NOT NULL,
    reason text,                          -- why blocked or failed; the smtp reply's text when bounced
    attempt smallint NOT NULL DEFAULT 0,
    due_at timestamptz,                   -- queued: not before
    claim bigint,                         -- sending: the batch that holds it
    claimed_until timestamptz,            -- sending: when another sender may take it
    queued_at timestamptz NOT NULL,
    sent_at timestamptz, delivered_at timestamptz, bounced_at timestamptz,
    bounce_category text,
    smtp_code smallint, smtp_enhanced text,
    UNIQUE (journey_id, iteration, tile, contact_id)
);
CREATE UNIQUE INDEX message_address_once ON message (journey_id, iteration, tile, address_key)
    WHERE state <> 'blocked';
CREATE INDEX message_queue ON message (due_at) WHERE state = 'queued';
CREATE INDEX message_claims ON message (claimed_until) WHERE state = 'sending';
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("interactions", "0001_log")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE message")]
