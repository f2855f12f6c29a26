-- Give each contact of a cohort a message: queued, or blocked with its reason, and log the blocks. Who is suppressed after
-- bounces gets one that counts as a hard bounce; nothing is sent.
-- Reads: cohort (temporary; contact_id), contact, suppression. Writes: message, message_queue, interaction.
-- Locks: new rows only. A second contact with the same address waits for the first one's transaction and is then blocked.
-- Addresses are walked in order, so that two cohorts that share some cannot deadlock.
-- Index: message_address_once and the key (journey, iteration, tile, contact), which make every repetition harmless;
-- suppression_key_once.
WITH person AS MATERIALIZED (
    SELECT cohort.contact_id, contact.id, contact.active, contact.company_id, contact.country,
           coalesce(contact.email, '') AS address, lower(coalesce(contact.email, '')) AS address_key,
           CASE WHEN contact.do_not_email THEN 'do_not_email'
                WHEN %(commercial)s AND contact.do_not_bulk_email THEN 'do_not_bulk_email' END AS refusal
    FROM cohort
        LEFT JOIN LATERAL (  -- one look-up a row (OFFSET 0): a cohort is a small part of all people
            SELECT * FROM contact WHERE contact.id = cohort.contact_id OFFSET 0
        ) AS contact ON true
), suppressed AS MATERIALIZED (  -- by the address, its domain or its local part; while nothing is suppressed nobody is looked up
    SELECT contact_id, bool_or(cause = 'complaint') AS complained,
           min(cause) FILTER (WHERE cause LIKE '%%bounce%%') AS bounced,
           min(CASE cause WHEN 'pattern' THEN key ELSE cause END) FILTER (WHERE cause IN ('pattern', 'manual')) AS listed
    FROM person JOIN suppression
        ON key = ANY (ARRAY[address_key, '@' || split_part(address_key, '@', 2), split_part(address_key, '@', 1) || '@'])
    WHERE (SELECT EXISTS (SELECT FROM suppression)) AND released_at IS NULL AND (until IS NULL OR until > %(now)s)
    GROUP BY contact_id
), judged AS MATERIALIZED (
    SELECT person.*, complained, bounced, listed,
           CASE WHEN %(expired)s THEN 'EmailBlockedByActivityExpiration'
                WHEN id IS NULL THEN 'EmailBlockedMissingContactData'
                WHEN NOT active THEN 'EmailBlockedInactiveContact'
                WHEN refusal IS NOT NULL THEN 'EmailBlockedByUser'
                WHEN address !~ %(address_pattern)s OR length(address) > 254 THEN 'InvalidRecipientAddress'
                WHEN complained THEN 'EmailBounceCacheBlocked'
                WHEN bounced IS NOT NULL THEN 'EmailHardBounced'
                WHEN listed IS NOT NULL THEN 'EmailBounceCacheBlocked' END AS reason
    FROM person LEFT JOIN suppressed USING (contact_id)
), counted AS MATERIALIZED (  -- how many mails there would be up to each person: those beyond the quota are blocked
    SELECT judged.contact_id, judged.company_id, judged.country, judged.address, judged.address_key, judged.refusal,
           judged.complained, judged.bounced, judged.listed,
           CASE WHEN reason IS NULL AND %(quota_left)s::bigint < count(*) FILTER (WHERE reason IS NULL)
                    OVER (ROWS UNBOUNDED PRECEDING) THEN 'OutOfEmailCredits' ELSE reason END AS reason
    FROM judged
), queued AS (
    INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, content_settings_id,
                         address, address_key, domain, commercial, state, queued_at)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(email_id)s, %(email_version_id)s,
           %(content_settings_id)s, address, CASE WHEN NOT %(bypass_deduplication)s THEN address_key END,
           split_part(address_key, '@', 2), %(commercial)s, 'queued', %(now)s
    FROM counted WHERE reason IS NULL
    ORDER BY address_key
    ON CONFLICT DO NOTHING
    RETURNING id, contact_id
), waiting AS (
    INSERT INTO message_queue (message_id, due_at, urgent, expires_at)
    SELECT id, %(now)s, %(urgent)s, %(expires_at)s FROM queued
), blocked AS (
    INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, content_settings_id,
                         address, domain, commercial, queued_at, state, reason, bounce_category, sent_at, bounced_at)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(email_id)s, %(email_version_id)s,
           %(content_settings_id)s, address, split_part(address_key, '@', 2), %(commercial)s, %(now)s,
           CASE WHEN is_bounce THEN 'hard_bounced' ELSE 'blocked' END,
           CASE WHEN is_bounce THEN 'The address is suppressed.' ELSE coalesce(reason, 'EmailBlockedDuplicateAddress') END,
           CASE WHEN is_bounce THEN 'suppression-list' END, CASE WHEN is_bounce THEN %(now)s::timestamptz END,
           CASE WHEN is_bounce THEN %(now)s::timestamptz END
    FROM counted CROSS JOIN LATERAL (SELECT coalesce(reason, '') = 'EmailHardBounced' AS is_bounce) AS kind
    WHERE NOT EXISTS (SELECT FROM queued WHERE queued.contact_id = counted.contact_id)
    ON CONFLICT DO NOTHING
    RETURNING id, contact_id, CASE state WHEN 'hard_bounced' THEN 'EmailHardBounced' ELSE reason END AS reason
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, country, detail)
    SELECT kind, %(now)s, %(now)s, contact_id, company_id, %(journey_id)s, %(iteration)s, %(tile)s,
           blocked.id, %(email_id)s, nullif(address, ''), nullif(split_part(address_key, '@', 2), ''),
           nullif(country, ''),
           CASE WHEN kind = 'EmailBlockedByUser' AND refusal IS NOT NULL THEN jsonb_build_object('reason', refusal)
                WHEN kind = 'InvalidRecipientAddress' AND address = '' THEN jsonb_build_object('reason', 'missing')
                WHEN kind = 'EmailBounceCacheBlocked' THEN
                    jsonb_build_object('reason', CASE WHEN complained THEN 'complaint' ELSE listed END)
                WHEN kind = 'EmailHardBounced' THEN jsonb_build_object(
                    'bounce_category', 'suppression-list', 'reason', bounced, 'remote', false) END
    FROM blocked JOIN counted USING (contact_id)
        CROSS JOIN LATERAL unnest(  -- an attempt counts as what suppressed the address
            CASE WHEN blocked.reason = 'EmailHardBounced' THEN ARRAY['EmailSent', 'EmailHardBounced']
                 WHEN blocked.reason = 'EmailBounceCacheBlocked' AND complained
                 THEN ARRAY['EmailBounceCacheBlocked', 'EmailFeedbackLoop']
                 ELSE ARRAY[blocked.reason] END) AS kind
)
SELECT NULL AS reason, count(*) FROM queued
UNION ALL
SELECT reason, count(*) FROM blocked GROUP BY reason
