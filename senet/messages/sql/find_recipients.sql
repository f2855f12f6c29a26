-- Find to whom some messages went. Reads: message. Writes: nothing. Locks: none. Index: message_pkey.
SELECT id, contact_id, email_id, journey_id, address FROM message WHERE id = ANY(%(ids)s)
