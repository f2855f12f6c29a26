-- Count the messages of a contact, or of a journey's tile, by state.
-- Reads: message, contact (whose business unit decides who may see it; NULL: everybody). Writes: nothing. Locks: none. Index: message_contact, or the key (journey, iteration, tile, contact).
SELECT state, count(*)
FROM message
WHERE (%(journey_id)s::bigint IS NULL OR journey_id = %(journey_id)s::bigint)
    AND (%(tile)s::int IS NULL OR tile = %(tile)s::int)
    AND (%(contact_id)s::bigint IS NULL OR contact_id = %(contact_id)s::bigint)
    AND (%(units)s::bigint[] IS NULL OR EXISTS (
        SELECT FROM contact WHERE contact.id = message.contact_id AND contact.business_unit_id = ANY (%(units)s::bigint[])))
GROUP BY state
