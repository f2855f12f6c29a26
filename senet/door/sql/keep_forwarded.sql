-- Write down a message that was sent on: a row of the outbox of its own, under a number that no contact has. Its
-- address is in no key: a contact of that address still gets the mail from the tile.
-- Reads: message. Writes: message, forwarded_mail. Locks: those rows. Index: message_pkey.
WITH made AS (
    INSERT INTO message (id, journey_id, contact_id, email_id, email_version_id, content_settings_id, iteration, tile,
                         queued_at, sent_at, delivered_at, commercial, state, address, address_key, domain, reason)
    OVERRIDING SYSTEM VALUE
    SELECT %(new_message_id)s, journey_id, -%(id)s::bigint, email_id, email_version_id, content_settings_id, iteration, tile,
           %(now)s, CASE WHEN %(accepted)s THEN %(now)s::timestamptz END, CASE WHEN %(accepted)s THEN %(now)s::timestamptz END,
           commercial, CASE WHEN %(accepted)s THEN 'delivered' ELSE 'failed' END, %(address)s, NULL, %(domain)s, %(reason)s
    FROM message WHERE id = %(message_id)s
)
UPDATE forwarded_mail
SET state = CASE WHEN %(accepted)s THEN 'sent' ELSE 'failed' END, settled_at = %(now)s, new_message_id = %(new_message_id)s
WHERE id = %(id)s AND state = 'waiting'
