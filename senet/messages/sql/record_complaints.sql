-- Write down that recipients called messages spam: each message once, its address suppressed for ever.
-- Reads: contact. Writes: message, interaction, suppression, suppression_change. Locks: the messages' rows, in order, and the
-- suppressed ones. Index: message_pkey, suppression_key_once.
WITH complained AS (
    UPDATE message SET complained_at = %(now)s
    FROM (SELECT id FROM message WHERE id = ANY (%(ids)s::bigint[]) ORDER BY id FOR UPDATE) AS chosen
    WHERE message.id = chosen.id AND message.complained_at IS NULL AND message.state NOT IN ('blocked', 'failed')
    RETURNING message.*
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, country)
    SELECT 'EmailFeedbackLoop', %(now)s, %(now)s, contact_id, contact.company_id, journey_id, iteration, tile,
           complained.id, email_id, address, domain, nullif(contact.country, '')
    FROM complained LEFT JOIN contact ON contact.id = complained.contact_id
), kept AS (
    INSERT INTO suppression (key, cause, category, reason, since, until, message_id)
    SELECT DISTINCT ON (lower(address)) lower(address), 'complaint', '', %(reason)s, %(now)s, NULL::timestamptz, id
    FROM complained ORDER BY lower(address), id
    ON CONFLICT (key) DO UPDATE
    SET cause = excluded.cause, category = '', reason = excluded.reason, since = excluded.since, until = NULL,
        message_id = excluded.message_id, released_at = NULL
    RETURNING key, message_id, reason
), written AS (
    INSERT INTO suppression_change (key, change, cause, at, message_id, note)
    SELECT key, 'suppressed', 'complaint', %(now)s, message_id, reason FROM kept
)
SELECT id FROM complained
