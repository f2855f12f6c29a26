-- Give the messages that are due to a sender, and block those whose person may no longer be written to.
-- Reads: sender, message, contact. Writes: message_queue; of those that are blocked message and interaction.
-- Locks: the claimed rows of the queue (those that another sender is claiming are skipped), and that the sender's row
-- stays. Index: message_queue_due. Look-ups by key are forced (OFFSET 0, ANY): a batch is a small part of everything,
-- whatever LIMIT is.
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
           CASE WHEN contact.id IS NULL THEN 'EmailBlockedMissingContactData'
                WHEN NOT contact.active THEN 'EmailBlockedInactiveContact'
                WHEN contact.do_not_email OR (message.commercial AND contact.do_not_bulk_email)
                THEN 'EmailBlockedByUser' END AS block
    FROM due
        CROSS JOIN LATERAL (SELECT * FROM message WHERE message.id = due.message_id OFFSET 0) AS message
        LEFT JOIN LATERAL (SELECT * FROM contact WHERE contact.id = message.contact_id OFFSET 0) AS contact ON true
), claimed AS (
    UPDATE message_queue SET claim = %(sender)s
    WHERE message_id = ANY (ARRAY(SELECT id FROM judged WHERE block IS NULL))
), unqueued AS (
    DELETE FROM message_queue WHERE message_id = ANY (ARRAY(SELECT id FROM judged WHERE block IS NOT NULL))
), blocked AS (
    UPDATE message SET state = 'blocked', address_key = NULL, reason = (SELECT block FROM judged WHERE judged.id = message.id)
    WHERE id = ANY (ARRAY(SELECT id FROM judged WHERE block IS NOT NULL))
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, country, detail)
    SELECT block, %(now)s, %(now)s, contact_id, company_id, journey_id, iteration, tile, id, email_id, address, domain,
           nullif(country, ''), CASE WHEN block = 'EmailBlockedByUser' THEN jsonb_build_object('reason', refusal) END
    FROM judged WHERE block IS NOT NULL
)
SELECT id, journey_id, contact_id, email_id, email_version_id, content_settings_id, address, domain, attempt, queued_at,
       tracking_allowed, reason
FROM judged WHERE block IS NULL
