-- Give the messages that are due to a sender, and block those whose person may no longer be written to. Who was suppressed
-- after bounces meanwhile gets one that counts as a hard bounce.
-- Reads: sender, message, contact, suppression. Writes: message_queue; of those that are blocked message and interaction.
-- Locks: the claimed rows of the queue (those that another sender is claiming are skipped), and that the sender's row
-- stays. Index: message_queue_due, suppression_key_once. Look-ups by key are forced (OFFSET 0, ANY): a batch is a small
-- part of everything, whatever LIMIT is.
WITH lease AS MATERIALIZED (
    SELECT id FROM sender WHERE id = %(sender)s AND alive_until >= %(now)s FOR KEY SHARE
), due AS MATERIALIZED (
    SELECT message_id FROM message_queue
    WHERE claim IS NULL AND due_at <= %(now)s AND EXISTS (SELECT FROM lease)
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
    SELECT message.*, contact.company_id, contact.country, coalesce(contact.tracking_allowed, false) AS tracking_allowed,
           CASE WHEN contact.do_not_email THEN 'do_not_email'
                WHEN message.commercial AND contact.do_not_bulk_email THEN 'do_not_bulk_email' END AS refusal,
           complained, bounced, listed,
           CASE WHEN contact.id IS NULL THEN 'EmailBlockedMissingContactData'
                WHEN NOT contact.active THEN 'EmailBlockedInactiveContact'
                WHEN contact.do_not_email OR (message.commercial AND contact.do_not_bulk_email)
                THEN 'EmailBlockedByUser'
                WHEN complained THEN 'EmailBounceCacheBlocked'
                WHEN bounced IS NOT NULL THEN 'EmailHardBounced'
                WHEN listed IS NOT NULL THEN 'EmailBounceCacheBlocked' END AS block
    FROM due
        CROSS JOIN LATERAL (SELECT * FROM message WHERE message.id = due.message_id OFFSET 0) AS message
        LEFT JOIN LATERAL (SELECT * FROM contact WHERE contact.id = message.contact_id OFFSET 0) AS contact ON true
        CROSS JOIN LATERAL (  -- the address, its domain, its local part; one row, also when nothing is suppressed
            SELECT bool_or(cause = 'complaint') AS complained, min(cause) FILTER (WHERE cause LIKE '%%bounce%%') AS bounced,
                   min(CASE cause WHEN 'pattern' THEN key ELSE cause END) FILTER (WHERE cause IN ('pattern', 'manual')) AS listed
            FROM suppression
            WHERE key = ANY (ARRAY[lower(message.address), '@' || message.domain, split_part(lower(message.address), '@', 1) || '@'])
                AND released_at IS NULL AND (until IS NULL OR until > %(now)s)
        ) AS suppressed
), claimed AS (
    UPDATE message_queue SET claim = %(sender)s
    WHERE message_id = ANY (ARRAY(SELECT id FROM judged WHERE block IS NULL))
), unqueued AS (
    DELETE FROM message_queue WHERE message_id = ANY (ARRAY(SELECT id FROM judged WHERE block IS NOT NULL))
), blocked AS (
    UPDATE message SET address_key = NULL, (state, reason, bounce_category, sent_at, bounced_at) = (
        SELECT CASE WHEN is_bounce THEN 'hard_bounced' ELSE 'blocked' END,
               CASE WHEN is_bounce THEN 'The address is suppressed.' ELSE block END,
               CASE WHEN is_bounce THEN 'suppression-list' END, CASE WHEN is_bounce THEN %(now)s::timestamptz END,
               CASE WHEN is_bounce THEN %(now)s::timestamptz END
        FROM judged CROSS JOIN LATERAL (SELECT block = 'EmailHardBounced' AS is_bounce) AS kind
        WHERE judged.id = message.id)
    WHERE id = ANY (ARRAY(SELECT id FROM judged WHERE block IS NOT NULL))
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, country, detail)
    SELECT kind, %(now)s, %(now)s, contact_id, company_id, journey_id, iteration, tile, id, email_id, address, domain,
           nullif(country, ''),
           CASE kind WHEN 'EmailBlockedByUser' THEN jsonb_build_object('reason', refusal)
                WHEN 'EmailBounceCacheBlocked' THEN
                    jsonb_build_object('reason', CASE WHEN complained THEN 'complaint' ELSE listed END)
                WHEN 'EmailHardBounced' THEN jsonb_build_object(
                    'bounce_category', 'suppression-list', 'reason', bounced, 'remote', false) END
    FROM judged
        CROSS JOIN LATERAL unnest(  -- an attempt counts as what suppressed the address
            CASE WHEN block = 'EmailHardBounced' THEN ARRAY['EmailSent', 'EmailHardBounced']
                 WHEN block = 'EmailBounceCacheBlocked' AND complained
                 THEN ARRAY['EmailBounceCacheBlocked', 'EmailFeedbackLoop']
                 ELSE ARRAY[block] END) AS kind
    WHERE block IS NOT NULL
)
SELECT id, journey_id, contact_id, email_id, email_version_id, content_settings_id, address, domain, attempt, queued_at,
       tracking_allowed, reason
FROM judged WHERE block IS NULL
