-- Find what a message said and to whom, for its web view: only its mail holds the token that asks. One that was sent on
-- to a friend can be seen as long as the friend's address is kept.
-- Reads: message. Writes: nothing. Locks: none. Index: message_pkey.
SELECT email_version_id, contact_id, content_settings_id, journey_id, address, coalesce(sent_at, queued_at)
FROM message
WHERE id = %(message_id)s AND email_version_id = %(email_version_id)s
  AND (contact_id > 0 OR address <> '' AND sent_at > %(copies_since)s)
