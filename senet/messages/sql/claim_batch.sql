-- Give the messages that are due to a sender, and block those whose person may no longer be written to.
-- Reads: sender, message, contact. Writes: message, interaction.
-- Locks: the claimed messages (those that another sender is claiming are skipped), and that the sender's row stays.
-- Index: message_queue. Look-ups by key are forced (OFFSET 0): a batch is a small part of everything, whatever LIMIT is.
WITH lease AS MATERIALIZED (
    SELECT id FROM sender WHERE id = %(sender)s AND alive_until >= %(now)s FOR KEY SHARE
), due AS MATERIALIZED (
    SELECT id FROM message WHERE state = 'queued' AND due_at <= %(now)s AND EXISTS (SELECT FROM lease)
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), judged AS MATERIALIZED (
    SELECT message.id, contact.company_id, contact.country, coalesce(contact.tracking_allowed, false) AS tracking_allowed,
           CASE WHEN contact.do_not_email THEN 'do_not_email'
                WHEN message.commercial AND contact.do_not_bulk_email THEN 'do_not_bulk_email' END AS refusal,
           CASE WHEN contact.id IS NULL THEN 'EmailBlockedMissingContactData'
                WHEN NOT contact.active THEN 'EmailBlockedInactiveContact'
                WHEN contact.do_not_email OR (message.commercial AND contact.do_not_bulk_email)
                THEN 'EmailBlockedByUser' END AS block
    FROM due
        CROSS JOIN LATERAL (SELECT * FROM message WHERE message.id = due.id OFFSET 0) AS message
        LEFT JOIN LATERAL (SELECT * FROM contact WHERE contact.id = message.contact_id OFFSET 0) AS contact ON true
), claimed AS (
    UPDATE message
    SET state = CASE WHEN judged.block IS NULL THEN 'sending' ELSE 'blocked' END,
        claim = CASE WHEN judged.block IS NULL THEN %(sender)s::bigint END,
        reason = coalesce(judged.block, message.reason), due_at = NULL
    FROM judged WHERE message.id = judged.id
    RETURNING message.id, message.journey_id, message.iteration, message.tile, message.contact_id, message.email_id,
              message.email_version_id, message.content_settings_id, message.address, message.domain, message.attempt,
              message.queued_at, judged.tracking_allowed, judged.company_id, judged.country, judged.block, judged.refusal,
              message.reason
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, country, detail)
    SELECT block, %(now)s, %(now)s, contact_id, company_id, journey_id, iteration, tile, id, email_id, address, domain,
           nullif(country, ''), CASE WHEN block = 'EmailBlockedByUser' THEN jsonb_build_object('reason', refusal) END
    FROM claimed WHERE block IS NOT NULL
)
SELECT id, journey_id, contact_id, email_id, email_version_id, content_settings_id, address, domain, attempt, queued_at,
       tracking_allowed, reason
FROM claimed WHERE block IS NULL
