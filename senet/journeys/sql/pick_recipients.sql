-- Pick the people whose message from an email tile stands in one of some states; in one list and not in another, if given.
-- Reads: message, contact. Writes: nothing. Locks: none. Index: the key (journey, iteration, tile, contact) of message.
SELECT DISTINCT contact_id
FROM message
WHERE journey_id = %(journey_id)s AND tile = %(tile)s AND iteration = ANY (%(iterations)s::int[])
  AND ((%(sent)s AND sent_at IS NOT NULL) OR state = ANY (%(states)s::text[]))
  AND (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND contact_id <> ALL (%(without)s::bigint[])
  AND (%(company_id)s::bigint IS NULL OR EXISTS (
      SELECT FROM contact WHERE contact.id = message.contact_id AND contact.company_id = %(company_id)s))
