-- Give each contact of a cohort a message: queued, or blocked with its reason, and log the blocks.
-- Reads: cohort (temporary; contact_id), contact. Writes: message, interaction.
-- Locks: new rows only. A second contact with the same address waits for the first one's transaction and is then blocked.
-- Addresses are walked in order, so that two cohorts that share some cannot deadlock.
-- Index: message_address_once and the key (journey, iteration, tile, contact), which make every repetition harmless.
WITH eligible AS MATERIALIZED (
    SELECT contact.id AS contact_id, contact.email AS address, lower(contact.email) AS address_key
    FROM cohort JOIN contact ON contact.id = cohort.contact_id
    WHERE contact.active AND NOT contact.do_not_email AND NOT (%(commercial)s AND contact.do_not_bulk_email)
        AND contact.email ~ %(address_pattern)s
    ORDER BY address_key
), queued AS (
    INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, content_settings_id,
                         address, address_key, domain, state, due_at, queued_at)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(email_id)s, %(email_version_id)s,
           %(content_settings_id)s, address, address_key, split_part(address_key, '@', 2), 'queued', %(now)s, %(now)s
    FROM eligible
    ON CONFLICT DO NOTHING
    RETURNING contact_id
), blocked AS (
    INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, content_settings_id,
                         address, address_key, domain, state, reason, queued_at)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, cohort.contact_id, %(email_id)s, %(email_version_id)s,
           %(content_settings_id)s, coalesce(contact.email, ''), lower(coalesce(contact.email, '')),
           split_part(lower(coalesce(contact.email, '')), '@', 2), 'blocked',
           CASE WHEN contact.id IS NULL THEN 'EmailBlockedMissingContactData'
                WHEN NOT contact.active THEN 'EmailBlockedInactiveContact'
                WHEN contact.do_not_email OR (%(commercial)s AND contact.do_not_bulk_email) THEN 'EmailBlockedByUser'
                WHEN contact.email !~ %(address_pattern)s THEN 'InvalidRecipientAddress'
                ELSE 'EmailBlockedDuplicateAddress' END,
           %(now)s
    FROM cohort LEFT JOIN contact ON contact.id = cohort.contact_id
    WHERE NOT EXISTS (SELECT FROM queued WHERE queued.contact_id = cohort.contact_id)
    ON CONFLICT DO NOTHING
    RETURNING id, contact_id, reason, address, domain
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, detail)
    SELECT blocked.reason, %(now)s, %(now)s, blocked.contact_id, contact.company_id, %(journey_id)s, %(iteration)s,
           %(tile)s, blocked.id, %(email_id)s, nullif(blocked.address, ''), nullif(blocked.domain, ''),
           CASE WHEN blocked.reason = 'EmailBlockedByUser' THEN jsonb_build_object(
                    'blocked_reason', 'ContactabilityDoNotEmail',
                    'details', CASE WHEN contact.do_not_email THEN 'do_not_email' ELSE 'do_not_bulk_email' END)
                WHEN blocked.reason = 'InvalidRecipientAddress' AND blocked.address = '' THEN jsonb_build_object(
                    'details', 'missing') END
    FROM blocked LEFT JOIN contact ON contact.id = blocked.contact_id
)
SELECT NULL, count(*) FROM queued
UNION ALL
SELECT reason, count(*) FROM blocked GROUP BY reason
