-- Write down what became of messages and log it. Repeating it changes nothing: each arrow starts where it did not end.
-- Reads: contact. Writes: message, interaction. Locks: the messages, in the order of their ids. Index: message_pkey.
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
), held AS MATERIALIZED (
    SELECT id, state, claim FROM message WHERE id = ANY (%(ids)s::bigint[]) ORDER BY id FOR UPDATE
), moved AS (
    UPDATE message
    SET state = arrow.to_state, claim = NULL,
        due_at = CASE WHEN arrow.to_state = 'queued' THEN coalesce(result.due_at, %(now)s) END,
        attempt = message.attempt + CASE WHEN result.event = 'release' THEN 0 ELSE 1 END,
        reason = result.reason, smtp_code = result.code, smtp_enhanced = result.enhanced,
        bounce_category = result.category,
        sent_at = CASE WHEN arrow.logs LIKE 'EmailSent%%' THEN %(now)s ELSE message.sent_at END,
        delivered_at = CASE WHEN arrow.to_state = 'delivered' THEN %(now)s ELSE message.delivered_at END,
        bounced_at = CASE WHEN arrow.to_state LIKE '%%_bounced' THEN %(now)s ELSE message.bounced_at END
    FROM result
        JOIN held ON held.id = result.message_id
        JOIN arrow ON arrow.event = result.event AND arrow.from_state = held.state
    WHERE message.id = result.message_id
        AND (arrow.late OR held.state <> 'sending' OR held.claim = %(sender)s)
    RETURNING message.id, message.journey_id, message.iteration, message.tile, message.contact_id, message.email_id,
              message.address, message.domain, message.reason, message.bounce_category, arrow.logs, result.detail
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, message_id,
                             email_id, address, domain, country, detail)
    SELECT coalesce(nullif(kind, 'reason'), moved.reason), %(now)s, %(now)s, moved.contact_id, contact.company_id,
           moved.journey_id, moved.iteration, moved.tile, moved.id, moved.email_id, moved.address, moved.domain,
           nullif(contact.country, ''),
           CASE WHEN kind LIKE '%%Bounced' THEN jsonb_build_object(
                    'bounce_category', moved.bounce_category, 'reason', moved.reason, 'remote', false)
                WHEN kind = 'EmailSendingFailed' THEN jsonb_build_object('reason', moved.reason)
                WHEN moved.detail IS NOT NULL THEN jsonb_build_object('reason', moved.detail) END
    FROM moved
        CROSS JOIN LATERAL string_to_table(moved.logs, ' ') AS kind
        LEFT JOIN contact ON contact.id = moved.contact_id
    WHERE moved.logs <> ''
)
SELECT id FROM moved
