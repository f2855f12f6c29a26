"""What waits to be sent moves into a narrow table of its own, so that a claim rewrites no message.

One transaction, because a message must not be in both places or in neither. It reads the outbox once.
"""

from django.db import migrations

SQL = """
DROP INDEX message_queue;                 -- the table takes the name
CREATE TABLE message_queue (
    message_id bigint PRIMARY KEY,
    due_at timestamptz NOT NULL,          -- not before
    claim bigint                          -- the sender that holds it; NULL: nobody
) WITH (fillfactor = 45);                 -- a claim finds room on the page and touches no index
INSERT INTO message_queue (message_id, due_at, claim)
    SELECT id, coalesce(due_at, now()), claim FROM message WHERE state IN ('queued', 'sending');
CREATE INDEX message_queue_due ON message_queue (due_at);

-- From now on a message is `queued` as long as it is in the queue, and only a block takes its address key away: what
-- becomes of a message changes no column that an index knows.
ALTER TABLE message DROP COLUMN due_at, DROP COLUMN claim, ALTER COLUMN address_key DROP NOT NULL,
    SET (fillfactor = 50);                -- room for the row that says what became of it
UPDATE message SET state = 'queued' WHERE state = 'sending';
UPDATE message SET address_key = NULL WHERE state = 'blocked';
DROP INDEX message_address_once;
CREATE UNIQUE INDEX message_address_once ON message (journey_id, iteration, tile, address_key);
"""

BACK = """
ALTER TABLE message ADD COLUMN due_at timestamptz, ADD COLUMN claim bigint, RESET (fillfactor);
UPDATE message SET due_at = message_queue.due_at, claim = message_queue.claim,
        state = CASE WHEN message_queue.claim IS NULL THEN 'queued' ELSE 'sending' END
    FROM message_queue WHERE message_queue.message_id = message.id;
UPDATE message SET address_key = lower(address) WHERE address_key IS NULL;
DROP TABLE message_queue;
DROP INDEX message_address_once;
ALTER TABLE message ALTER COLUMN address_key SET NOT NULL;
CREATE UNIQUE INDEX message_address_once ON message (journey_id, iteration, tile, address_key) WHERE state <> 'blocked';
CREATE INDEX message_queue ON message (due_at) WHERE state = 'queued';
CREATE INDEX message_claims ON message (claim) WHERE state = 'sending';
"""


class Migration(migrations.Migration):
    dependencies = [("messages", "0001_outbox")]
    operations = [migrations.RunSQL(SQL, BACK)]
