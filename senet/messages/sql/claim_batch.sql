-- Give the messages that are due to a sender, and block those whose person may no longer be written to. Who was suppressed
-- after bounces meanwhile gets one that counts as a hard bounce.
-- Urgent messages come first, with a share (%(urgent)s) of the batch; bulk gets the rest (%(bulk)s at most), and what bulk
-- leaves free goes to urgent ones again. So neither waits for the end of the other.
-- What is asked again of each person: whether they are there and active, allow such mail, have left a list that the journey
-- goes to since it was queued (an hour before counts, because the engine may have looked earlier), whether their consent
-- is still enough, whether they have joined the journey's suppression segment, whether their address is suppressed; and
-- whether the message has expired.
-- Reads: sender, message, message_terms, contact, list_member, segment_member, membership_change, suppression. Writes:
-- message_queue; of those that are blocked message and interaction.
-- Locks: the claimed rows of the queue (those that another sender is claiming are skipped), and that the sender's row
-- stays. Index: message_queue_next, message_terms_pkey, membership_change_unsubscribed, suppression_key_once. Look-ups by
-- key are forced (OFFSET 0, ANY): a batch is a small part of everything, whatever LIMIT is.
WITH lease AS MATERIALIZED (
    SELECT id FROM sender WHERE id = %(sender)s AND alive_until >= %(now)s FOR KEY SHARE
), urgent AS MATERIALIZED (
    SELECT message_id, expires_at FROM message_queue
    WHERE urgent AND claim IS NULL AND due_at <= %(now)s AND EXISTS (SELECT FROM lease)
    ORDER BY due_at LIMIT %(urgent)s FOR UPDATE SKIP LOCKED
), bulk AS MATERIALIZED (
    SELECT message_id, expires_at FROM message_queue
    WHERE NOT urgent AND claim IS NULL AND due_at <= %(now)s AND EXISTS (SELECT FROM lease)
    ORDER BY due_at LIMIT least(%(bulk)s, %(limit)s - (SELECT count(*) FROM urgent)) FOR UPDATE SKIP LOCKED
), more AS MATERIALIZED (
    SELECT message_id, expires_at FROM message_queue
    WHERE urgent AND claim IS NULL AND due_at <= %(now)s AND EXISTS (SELECT FROM lease)
        AND message_id <> ALL (ARRAY(SELECT message_id FROM urgent))
    ORDER BY due_at LIMIT %(limit)s - (SELECT count(*) FROM urgent) - (SELECT count(*) FROM bulk)
    FOR UPDATE SKIP LOCKED
), due AS (
    SELECT message_id, expires_at, true AS urgent FROM urgent
    UNION ALL SELECT message_id, expires_at, true FROM more
    UNION ALL SELECT message_id, expires_at, false FROM bulk
), judged AS MATERIALIZED (
    SELECT message.*, due.urgent, due.expires_at, contact.company_id, contact.country, contact.business_unit_id,
           coalesce(contact.tracking_allowed, false) AS tracking_allowed, contact.time_zone, terms.time_zone AS journey_zone,
           CASE WHEN contact.do_not_email THEN 'do_not_email'
                WHEN message.commercial AND contact.do_not_bulk_email THEN 'do_not_bulk_email' END AS refusal,
           complained, bounced, listed,
           CASE WHEN due.expires_at <= %(now)s THEN 'EmailBlockedByActivityExpiration'
                WHEN contact.id IS NULL THEN 'EmailBlockedMissingContactData'
                WHEN NOT contact.active THEN 'EmailBlockedInactiveContact'
                WHEN contact.do_not_email OR (message.commercial AND contact.do_not_bulk_email)
                THEN 'EmailBlockedByUser'
                WHEN cardinality(terms.list_ids) > 0 AND EXISTS (
                    SELECT FROM membership_change AS gone
                    WHERE gone.contact_id = message.contact_id AND gone.audience_id = ANY (terms.list_ids)
                        AND gone.kind = 'list' AND gone.change = -1 AND gone.by IN ('centre', 'one_click', 'form')
                        AND gone.at >= message.queued_at - interval '1 hour'
                        AND NOT EXISTS (SELECT FROM list_member WHERE list_id = gone.audience_id
                                            AND list_member.contact_id = message.contact_id))
                THEN 'EmailBlockedByUnsubscription'
                WHEN contact.consent_level < terms.minimum_consent THEN 'EmailBlockedConsentNotGiven'
                WHEN terms.suppression_segment_id IS NOT NULL AND EXISTS (
                    SELECT FROM segment_member
                    WHERE segment_id = terms.suppression_segment_id AND segment_member.contact_id = message.contact_id)
                THEN 'EmailBlockedOtherReason'
                WHEN complained THEN 'EmailBounceCacheBlocked'
                WHEN bounced IS NOT NULL THEN 'EmailHardBounced'
                WHEN listed IS NOT NULL THEN 'EmailBounceCacheBlocked' END AS block
    FROM due
        CROSS JOIN LATERAL (SELECT * FROM message WHERE message.id = due.message_id OFFSET 0) AS message
        LEFT JOIN LATERAL (SELECT * FROM contact WHERE contact.id = message.contact_id OFFSET 0) AS contact ON true
        LEFT JOIN LATERAL (
            SELECT * FROM message_terms WHERE message_terms.journey_id = message.journey_id OFFSET 0
        ) AS terms ON true
        CROSS JOIN LATERAL (  -- the address, its domain, its local part; one row, also when nothing is suppressed
            SELECT bool_or(cause = 'complaint') AS complained, min(cause) FILTER (WHERE cause LIKE '%%bounce%%') AS bounced,
                   min(CASE cause WHEN 'pattern' THEN key ELSE cause END) FILTER (WHERE cause IN ('pattern', 'manual')) AS listed
            FROM suppression
            WHERE key = ANY (ARRAY[lower(message.address), '@' || message.domain, split_part(lower(message.address), '@', 1) || '@'])
                AND released_at IS NULL AND (until IS NULL OR until > %(now)s)
        ) AS suppressed
), claimed AS (
    UPDATE message_queue SET claim = %(sender)s, claimed_at = %(now)s
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
                WHEN 'EmailBlockedOtherReason' THEN
                    jsonb_build_object('reason', 'The contact has joined the journey''s suppression segment.')
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
       tracking_allowed, urgent, reason, commercial, expires_at, time_zone, journey_zone, business_unit_id, block
FROM judged
