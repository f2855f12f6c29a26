"""The outbox: one row a person × email tile × iteration. See messages/states.py for its life."""

from django.db import migrations

SQL = """
CREATE TABLE message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    journey_id bigint NOT NULL, contact_id bigint NOT NULL,
    email_id bigint NOT NULL, email_version_id bigint NOT NULL, content_settings_id bigint,
    iteration int NOT NULL, tile int NOT NULL,
    due_at timestamptz,                   -- queued: not before
    claim bigint,                         -- sending: the sender that holds it
    queued_at timestamptz NOT NULL,
    sent_at timestamptz, delivered_at timestamptz, bounced_at timestamptz,
    attempt smallint NOT NULL DEFAULT 0,  -- how often a server has put it off
    smtp_code smallint,
    commercial boolean NOT NULL DEFAULT true,  -- obeys do-not-bulk-email
    state text NOT NULL,
    address text NOT NULL,
    address_key text NOT NULL,            -- lower case: what duplicates are found by
    domain text NOT NULL,                 -- of the recipient
    reason text,                          -- blocked: the interaction type; else the server's words, or what it waits for
    bounce_category text,
    smtp_enhanced text,
    UNIQUE (journey_id, iteration, tile, contact_id)
);
CREATE UNIQUE INDEX message_address_once ON message (journey_id, iteration, tile, address_key)
    WHERE state <> 'blocked';
CREATE INDEX message_queue ON message (due_at) WHERE state = 'queued';
CREATE INDEX message_claims ON message (claim) WHERE state = 'sending';
CREATE INDEX message_contact ON message (contact_id);

CREATE TABLE sender (                     -- a running sender process and the lease on what it holds
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host text NOT NULL, pid int NOT NULL, process_started double precision NOT NULL,
    started_at timestamptz NOT NULL,
    alive_until timestamptz NOT NULL      -- afterwards another sender may take its messages
);
CREATE TABLE pace (                       -- rate limits that all senders share
    key text PRIMARY KEY,                 -- "provider:…" or "domain:…"
    tokens double precision NOT NULL DEFAULT 0,  -- provider: messages that may leave at once
    moved_at timestamptz NOT NULL,        -- provider: when tokens were counted; domain: the next free slot
    CHECK (tokens >= 0)
);
CREATE TABLE message_link (               -- targets of links that only one message has
    message_id bigint NOT NULL, number smallint NOT NULL, url text NOT NULL,
    PRIMARY KEY (message_id, number)
);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("interactions", "0001_log")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE message, sender, pace, message_link")]
