-- Give each request whose mail is due a message, while the content settings are live and its kind has an email. The
-- version that was published last is sent, whatever has become of the email since. A request whose contact is gone goes.
-- Reads: confirmation_settings, content_settings, email, contact. Writes: confirmation_request, message, message_queue.
-- Locks: the requests taken; those that another worker takes are skipped. Index: confirmation_request_due, and the
-- outbox's key (journey, iteration, tile, contact), which lets a mail be there once.
WITH setup AS MATERIALIZED (
    SELECT content.id AS content_settings_id, subscription.id AS list_email_id, subscription.live_version_id AS list_version_id,
           consent.id AS consent_email_id, consent.live_version_id AS consent_version_id
    FROM confirmation_settings AS settings
        JOIN content_settings AS content ON CASE WHEN settings.content_settings_id IS NULL THEN content.is_default
                                                 ELSE content.id = settings.content_settings_id END
        LEFT JOIN email AS subscription ON subscription.id = settings.subscription_email_id
        LEFT JOIN email AS consent ON consent.id = settings.consent_email_id
    WHERE content.status IN ('live', 'live_editable')
), due AS MATERIALIZED (
    SELECT request.id, request.contact_id, request.address, request.mails + 1 AS number, setup.content_settings_id,
           CASE request.kind WHEN 'list' THEN list_email_id ELSE consent_email_id END AS email_id,
           CASE request.kind WHEN 'list' THEN list_version_id ELSE consent_version_id END AS version_id
    FROM confirmation_request AS request CROSS JOIN setup
    WHERE request.mail_due_at <= %(now)s AND request.state = 'waiting'
        AND CASE request.kind WHEN 'list' THEN list_version_id ELSE consent_version_id END IS NOT NULL
    ORDER BY request.mail_due_at LIMIT %(limit)s FOR UPDATE OF request SKIP LOCKED
), gone AS (
    DELETE FROM confirmation_request
    WHERE id IN (SELECT due.id FROM due WHERE NOT EXISTS (SELECT FROM contact WHERE contact.id = due.contact_id))
), made AS (
    INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, content_settings_id,
                         address, domain, commercial, state, queued_at)
    SELECT 0, due.id, due.number, due.contact_id, due.email_id, due.version_id, due.content_settings_id, due.address,
           lower(split_part(due.address, '@', 2)), false, 'queued', %(now)s
    FROM due WHERE EXISTS (SELECT FROM contact WHERE contact.id = due.contact_id)
    ON CONFLICT DO NOTHING
    RETURNING id
), waiting AS (
    INSERT INTO message_queue (message_id, due_at, urgent) SELECT id, %(now)s, true FROM made  -- somebody waits for it
), mailed AS (
    UPDATE confirmation_request SET mails = due.number, mail_due_at = NULL, mailed_at = %(now)s,
        expires_at = %(now)s::timestamptz + %(lasts)s::interval
    FROM due WHERE confirmation_request.id = due.id
        AND EXISTS (SELECT FROM contact WHERE contact.id = due.contact_id)
)
SELECT id FROM made
