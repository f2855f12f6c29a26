-- Find a message that may be sent on: it was sent, not too long ago, and is no forwarded one itself.
-- Reads: message. Writes: nothing. Locks: none. Index: message_pkey.
SELECT id, journey_id, iteration, tile, email_id, email_version_id, content_settings_id, contact_id
FROM message
WHERE id = %(message_id)s AND contact_id > 0 AND state IN ('sent', 'delivered') AND sent_at > %(since)s
