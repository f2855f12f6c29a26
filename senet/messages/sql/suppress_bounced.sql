-- Suppress the addresses of messages that have just bounced: at once after a hard bounce, after so many soft ones in a row.
-- A row of soft bounces is broken by a delivery; what came before the address was last suppressed, or released, does not
-- count. Bounces that are the sender's fault (`innocent`) count for nothing. An address that is suppressed for longer, or
-- for ever, stays so. Returns the addresses that are suppressed now and were not.
-- Reads: message, contact. Writes: suppression, suppression_change. Locks: the suppressed rows; whoever calls holds the
-- addresses (lock_addresses.sql), else two bounces at once would each miss the other.
-- Index: message_pkey, message_contact_queued, contact_email_key, suppression_key_once.
WITH bounced AS MATERIALIZED (  -- one a key, the hard ones first
    SELECT DISTINCT ON (lower(address)) lower(address) AS key, id, contact_id, state, bounce_category, reason
    FROM message
    WHERE id = ANY (%(ids)s::bigint[]) AND coalesce(bounce_category, '') <> ALL (%(innocent)s::text[])
    ORDER BY lower(address), state <> 'hard_bounced', id
), judged AS MATERIALIZED (
    SELECT bounced.*, known.id AS known_id,
           known.released_at IS NULL AND (known.until IS NULL OR known.until > %(now)s) AS is_suppressed,
           CASE WHEN bounced.state = 'hard_bounced' THEN 'hard_bounce' ELSE (
               SELECT CASE WHEN count(*) FILTER (WHERE state <> 'delivered') = %(soft_limit)s THEN 'soft_bounces' END
               FROM (
                   SELECT message.state FROM message
                   WHERE message.contact_id IN (
                           SELECT bounced.contact_id
                           UNION ALL SELECT contact.id FROM contact WHERE lower(contact.email) = bounced.key)
                       AND lower(message.address) = bounced.key
                       AND message.state IN ('delivered', 'soft_bounced', 'block_bounced')
                       AND (message.bounce_category IS NULL OR message.bounce_category <> ALL (%(innocent)s::text[]))
                       AND message.sent_at > coalesce(greatest(known.since, known.released_at), '-infinity')
                   ORDER BY message.sent_at DESC, message.id DESC LIMIT %(soft_limit)s
               ) AS latest) END AS cause
    FROM bounced LEFT JOIN LATERAL (SELECT * FROM suppression WHERE suppression.key = bounced.key) AS known ON true
), kept AS (
    INSERT INTO suppression (key, cause, category, reason, since, until, message_id)
    SELECT key, cause, coalesce(bounce_category, ''), coalesce(reason, ''), %(now)s, %(until)s, id
    FROM judged WHERE cause IS NOT NULL
    ON CONFLICT (key) DO UPDATE
    SET cause = excluded.cause, category = excluded.category, reason = excluded.reason, since = excluded.since,
        until = excluded.until, message_id = excluded.message_id, released_at = NULL
    WHERE suppression.released_at IS NOT NULL OR suppression.until <= excluded.until
    RETURNING id, key, cause, category, reason, until, message_id
), written AS (
    INSERT INTO suppression_change (key, change, cause, at, until, message_id, note)
    SELECT key, 'suppressed', cause, %(now)s, until, message_id, reason FROM kept
)
SELECT kept.key FROM kept JOIN judged USING (key) WHERE NOT coalesce(judged.is_suppressed, false)
