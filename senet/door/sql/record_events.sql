-- Write a batch of opens and clicks to the log, with what their messages tell; nobody is logged who does not allow it.
-- An event whose message is gone keeps its number. Returns the transaction's id, by which its end can be asked for.
-- Reads: message, contact. Writes: interaction. Locks: none. Index: message_pkey, contact_pkey.
WITH written AS (
    INSERT INTO interaction (
        type, at, contact_id, company_id, journey_id, iteration, tile, message_id, email_id, link, domain, address,
        country, browser, os, device, verdict, rule, detail
    )
    SELECT
        event.type, event.at, contact.id, contact.company_id, message.journey_id, message.iteration,
        message.tile, event.message_id, message.email_id, event.link, message.domain,
        CASE WHEN message.contact_id > 0 THEN message.address END,  -- a friend's is nowhere but in the outbox, for a time
        nullif(contact.country, ''), nullif(event.browser, ''), nullif(event.os, ''), nullif(event.device, ''), event.verdict, event.rule,
        nullif(jsonb_strip_nulls(jsonb_build_object(
            'user_agent', nullif(event.user_agent, ''), 'referrer', nullif(event.referrer, ''), 'version', event.version,
            'source', nullif(event.source, '')
        )), '{}')
    FROM unnest(
        %(type)s::text[], %(at)s::timestamptz[], %(message_id)s::bigint[], %(link)s::smallint[], %(version)s::bigint[],
        %(source)s::text[], %(referrer)s::text[], %(browser)s::text[], %(os)s::text[], %(device)s::text[], %(verdict)s::text[],
        %(rule)s::text[], %(user_agent)s::text[]
    ) AS event (type, at, message_id, link, version, source, referrer, browser, os, device, verdict, rule, user_agent)
    LEFT JOIN message ON message.id = event.message_id
    LEFT JOIN contact ON contact.id = message.contact_id
    WHERE contact.tracking_allowed IS NOT FALSE
)
SELECT pg_current_xact_id()::text
