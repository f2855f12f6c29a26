-- Give each contact of a cohort a message: queued, or blocked with its reason, and log the blocks.
-- Reads: cohort (temporary; contact_id), contact. Writes: message, message_queue, interaction.
-- Locks: new rows only. A second contact with the same address waits for the first one's transaction and is then blocked.
-- Addresses are walked in order, so that two cohorts that share some cannot deadlock.
-- Index: message_address_once and the key (journey, iteration, tile, contact), which make every repetition harmless.
WITH person AS MATERIALIZED (
    SELECT cohort.contact_id, contact.id, contact.active, contact.company_id, contact.country, contact.email,
           CASE WHEN contact.do_not_email THEN 'do_not_email'
                WHEN %(commercial)s AND contact.do_not_bulk_email THEN 'do_not_bulk_email' END AS refusal
    FROM cohort
        LEFT JOIN LATERAL (  -- one look-up a row (OFFSET 0): a cohort is a small part of all people
            SELECT * FROM contact WHERE contact.id = cohort.contact_id OFFSET 0
        ) AS contact ON true
), judged AS MATERIALIZED (
    SELECT contact_id, company_id, country, refusal, coalesce(email, '') AS address, lower(coalesce(email, '')) AS address_key,
           CASE WHEN %(expired)s THEN 'EmailBlockedByActivityExpiration'
                WHEN id IS NULL THEN 'EmailBlockedMissingContactData'
                WHEN NOT active THEN 'EmailBlockedInactiveContact'
                WHEN refusal IS NOT NULL THEN 'EmailBlockedByUser'
                WHEN email !~ %(address_pattern)s OR length(email) > 254 THEN 'InvalidRecipientAddress' END AS reason
    FROM person
), queued AS (
    INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, content_settings_id,
                         address, address_key, domain, commercial, state, queued_at)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(email_id)s, %(email_version_id)s,
           %(content_settings_id)s, address, address_key, split_part(address_key, '@', 2), %(commercial)s, 'queued',
           %(now)s
    FROM judged WHERE reason IS NULL
    ORDER BY address_key
    ON CONFLICT DO NOTHING
    RETURNING id, contact_id
), waiting AS (
    INSERT INTO message_queue (message_id, due_at) SELECT id, %(now)s FROM queued
), blocked AS (
    INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, content_settings_id,
                         address, domain, commercial, state, reason, queued_at)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(email_id)s, %(email_version_id)s,
           %(content_settings_id)s, address, split_part(address_key, '@', 2), %(commercial)s,
           'blocked', coalesce(reason, 'EmailBlockedDuplicateAddress'), %(now)s
    FROM judged WHERE NOT EXISTS (SELECT FROM queued WHERE queued.contact_id = judged.contact_id)
    ON CONFLICT DO NOTHING
    RETURNING id, contact_id, reason
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, country, detail)
    SELECT blocked.reason, %(now)s, %(now)s, contact_id, company_id, %(journey_id)s, %(iteration)s, %(tile)s,
           blocked.id, %(email_id)s, nullif(address, ''), nullif(split_part(address_key, '@', 2), ''),
           nullif(country, ''),
           CASE WHEN refusal IS NOT NULL AND blocked.reason = 'EmailBlockedByUser' THEN
                    jsonb_build_object('reason', refusal)
                WHEN address = '' AND blocked.reason = 'InvalidRecipientAddress' THEN
                    jsonb_build_object('reason', 'missing') END
    FROM blocked JOIN judged USING (contact_id)
)
SELECT NULL AS reason, count(*) FROM queued
UNION ALL
SELECT reason, count(*) FROM blocked GROUP BY reason
