-- Write down which version of a test the messages of a share are, those that were just given to the cohort.
-- Reads: cohort (temporary), message. Writes: ab_message. Locks: new rows only.
-- Index: the key of message (journey, iteration, tile, contact). Running it again changes nothing.
INSERT INTO ab_message (message_id, ab_test_id, variant, sampled, xid)
SELECT message.id, %(ab_test_id)s, %(variant)s, %(sampled)s, %(xid)s
FROM cohort
JOIN message ON message.journey_id = %(journey_id)s AND message.iteration = %(iteration)s AND message.tile = %(tile)s
            AND message.contact_id = cohort.contact_id
WHERE message.email_version_id = %(email_version_id)s
ON CONFLICT DO NOTHING
