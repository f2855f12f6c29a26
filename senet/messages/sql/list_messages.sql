-- List the messages of a contact, or of a journey's tile, the newest first, one page at a time.
-- Reads: message, message_queue, contact (whose business unit decides who may see it; NULL: everybody). Writes: nothing. Locks: none. Index: message_contact_queued, or the key (journey, iteration, tile, contact).
SELECT id, journey_id, iteration, tile, contact_id, email_id, email_version_id, address,
       CASE WHEN claim IS NULL THEN state ELSE 'sending' END, reason, attempt,
       queued_at, due_at, sent_at, delivered_at, bounced_at, bounce_category, smtp_code, smtp_enhanced
FROM message LEFT JOIN message_queue ON message_queue.message_id = message.id
WHERE (%(journey_id)s::bigint IS NULL OR journey_id = %(journey_id)s::bigint)
    AND (%(tile)s::int IS NULL OR tile = %(tile)s::int)
    AND (%(contact_id)s::bigint IS NULL OR contact_id = %(contact_id)s::bigint)
    AND (%(units)s::bigint[] IS NULL OR EXISTS (
        SELECT FROM contact WHERE contact.id = message.contact_id AND contact.business_unit_id = ANY (%(units)s::bigint[])))
    AND (%(state)s::text IS NULL OR CASE WHEN claim IS NULL THEN state ELSE 'sending' END = %(state)s::text)
    AND id < %(below)s
ORDER BY id DESC LIMIT %(limit)s
