"""What senders need to know to choose among the messages that are due, and to ask again what a journey asks for."""

from django.db import migrations

SQL = """
ALTER TABLE message_queue
    ADD COLUMN urgent boolean NOT NULL DEFAULT false,  -- goes before bulk
    ADD COLUMN expires_at timestamptz,        -- not from then on; NULL: it never expires
    ADD COLUMN claimed_at timestamptz,        -- when a sender last took it up; what was put off is not taken up
    SET (fillfactor = 42);                    -- a claim still finds room on the page
UPDATE message_queue SET urgent = true FROM message WHERE message.id = message_queue.message_id AND NOT commercial;
UPDATE message_queue SET claimed_at = now() WHERE claim IS NOT NULL;

CREATE TABLE message_terms (                  -- what a journey asks of people, now that it is live
    journey_id bigint PRIMARY KEY,
    minimum_consent smallint NOT NULL,
    list_ids bigint[] NOT NULL,               -- the subscription lists that it goes to
    time_zone text NOT NULL
);
"""
BACK = """
DROP TABLE message_terms;
ALTER TABLE message_queue DROP COLUMN urgent, DROP COLUMN expires_at, DROP COLUMN claimed_at, SET (fillfactor = 45);
"""


class Migration(migrations.Migration):
    dependencies = [("messages", "0003_suppression")]
    operations = [migrations.RunSQL(SQL, BACK)]
