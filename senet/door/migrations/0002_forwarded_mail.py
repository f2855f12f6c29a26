"""Mails that recipients send on: to whom, for thirty days at most, and what became of them."""

from django.db import migrations

SQL = """
CREATE TABLE forwarded_mail (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint NOT NULL,           -- the message that was sent on
    address text,                         -- NULL after thirty days at most
    address_mark bytea NOT NULL,          -- a keyed hash: the same address is known again, and cannot be read
    asked_at timestamptz NOT NULL,
    claimed_at timestamptz,               -- a worker sends it
    settled_at timestamptz,
    state text NOT NULL DEFAULT 'waiting',  -- waiting, sent, failed
    new_message_id bigint,
    UNIQUE (message_id, address_mark)
);
CREATE INDEX forwarded_mail_waiting ON forwarded_mail (asked_at) WHERE state = 'waiting';
CREATE INDEX forwarded_mail_mark ON forwarded_mail (address_mark, asked_at);
CREATE INDEX forwarded_mail_kept ON forwarded_mail (asked_at) WHERE address IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("door", "0001_spool"), ("messages", "0001_outbox")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE forwarded_mail")]
