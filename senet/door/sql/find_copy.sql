-- Find a message that was sent on to a friend: it has no contact of its own.
-- Reads: message. Writes: nothing. Locks: none. Index: message_pkey.
SELECT id FROM message WHERE id = %(message_id)s AND contact_id < 0
