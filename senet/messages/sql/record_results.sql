-- Write down what became of messages and log it. Repeating it changes nothing: each arrow starts where it did not end.
-- Reads: contact. Writes: message, message_queue, interaction. Locks: the messages' rows of the queue, in the order in
-- which results come (by message), and each before its message. Index: message_queue_pkey, message_pkey.
-- The arrows of states.py come as arrays: from a state, by an event, to a state, logging types ("reason": the reason's
-- own), and whether the report of a sender that no longer holds the message counts.
WITH arrow AS MATERIALIZED (
    SELECT * FROM unnest(%(arrow_from)s::text[], %(arrow_event)s::text[], %(arrow_to)s::text[], %(arrow_logs)s::text[],
                         %(arrow_late)s::boolean[]) AS arrow (from_state, event, to_state, logs, late)
), result AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::bigint[], %(events)s::text[], %(reasons)s::text[], %(codes)s::smallint[],
                         %(enhanced)s::text[], %(categories)s::text[], %(dues)s::timestamptz[],
                         %(details)s::text[])
        AS result (message_id, event, reason, code, enhanced, category, due_at, detail)
), report AS MATERIALIZED (  -- with where its message stands, and whether nobody else holds it
    SELECT result.*, waiting.claim IS NULL OR waiting.claim = %(sender)s AS is_ours,
           CASE WHEN waiting.message_id IS NULL THEN (SELECT state FROM message WHERE message.id = result.message_id)
                WHEN waiting.claim IS NULL THEN 'queued' ELSE 'sending' END AS state
    FROM result LEFT JOIN LATERAL (
        SELECT * FROM message_queue WHERE message_queue.message_id = result.message_id FOR UPDATE
    ) AS waiting ON true
), moved AS (
    UPDATE message
    SET state = arrow.to_state,
        attempt = message.attempt + CASE WHEN report.event = 'release' OR report.state IN ('sent', 'delivered') THEN 0 ELSE 1 END,
        reason = report.reason, smtp_code = report.code, smtp_enhanced = report.enhanced,
        bounce_category = report.category,
        address_key = CASE WHEN arrow.to_state <> 'blocked' THEN message.address_key END,
        sent_at = CASE WHEN arrow.logs LIKE 'EmailSent%%' THEN %(now)s ELSE message.sent_at END,
        delivered_at = CASE WHEN arrow.to_state = 'delivered' THEN %(now)s ELSE message.delivered_at END,
        bounced_at = CASE WHEN arrow.to_state LIKE '%%_bounced' THEN %(now)s ELSE message.bounced_at END
    FROM report JOIN arrow ON arrow.event = report.event AND arrow.from_state = report.state
    WHERE message.id = report.message_id AND (arrow.late OR report.is_ours)
        AND message.state = CASE report.state WHEN 'sending' THEN 'queued' ELSE report.state END  -- still, after waiting
    RETURNING message.id, message.journey_id, message.iteration, message.tile, message.contact_id, message.email_id,
              message.address, message.domain, message.reason, message.bounce_category, message.state, arrow.logs,
              report.detail, report.due_at
), settled AS (
    DELETE FROM message_queue WHERE message_id = ANY (ARRAY(SELECT id FROM moved WHERE state <> 'queued'))
), put_off AS (
    UPDATE message_queue SET claim = NULL, due_at = coalesce(moved.due_at, %(now)s)
    FROM moved WHERE message_queue.message_id = moved.id AND moved.state = 'queued'
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, country, detail)
    SELECT coalesce(nullif(kind, 'reason'), moved.reason), %(now)s, %(now)s, moved.contact_id, contact.company_id,
           moved.journey_id, moved.iteration, moved.tile, moved.id, moved.email_id, moved.address, moved.domain,
           nullif(contact.country, ''),
           CASE WHEN kind LIKE '%%Bounced' THEN jsonb_build_object(
                    'bounce_category', moved.bounce_category, 'reason', moved.reason, 'remote', kind LIKE '%%RemoteBounced')
                WHEN kind = 'EmailSendingFailed' THEN jsonb_build_object('reason', moved.reason)
                WHEN moved.detail IS NOT NULL THEN jsonb_build_object('reason', moved.detail) END
    FROM moved
        CROSS JOIN LATERAL string_to_table(moved.logs, ' ') AS kind
        LEFT JOIN contact ON contact.id = moved.contact_id
    WHERE moved.logs <> ''
)
SELECT id, state FROM moved
