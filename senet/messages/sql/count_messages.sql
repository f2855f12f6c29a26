-- Count the messages of a contact, or of a journey's tile, by state.
-- Reads: message, message_queue, contact (whose business unit decides who may see it; NULL: everybody). Writes: nothing. Locks: none. Index: message_contact_queued, or the key (journey, iteration, tile, contact).
SELECT CASE WHEN message_queue.claim IS NULL THEN message.state ELSE 'sending' END, count(*)
FROM message LEFT JOIN message_queue ON message_queue.message_id = message.id
WHERE (%(journey_id)s::bigint IS NULL OR journey_id = %(journey_id)s::bigint)
    AND (%(tile)s::int IS NULL OR tile = %(tile)s::int)
    AND (%(contact_id)s::bigint IS NULL OR contact_id = %(contact_id)s::bigint)
    AND (%(units)s::bigint[] IS NULL OR EXISTS (
        SELECT FROM contact WHERE contact.id = message.contact_id AND contact.business_unit_id = ANY (%(units)s::bigint[])))
GROUP BY 1
