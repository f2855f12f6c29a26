-- Pick the people whom a journey's ledger has at some tiles: everybody, those who stand there, those gone with an outcome.
-- Reads: visit, contact. Writes: nothing. Locks: none. Index: the key of visit. No iteration, branch or reason: any.
SELECT DISTINCT contact_id
FROM visit
WHERE journey_id = %(journey_id)s AND tile = ANY (%(tiles)s::int[]) AND iteration = ANY (%(iterations)s::int[])
  AND (%(everybody)s OR (%(standing)s AND left_at IS NULL) OR outcome = ANY (%(outcomes)s::text[]))
  AND (%(branch)s::int IS NULL OR branch = %(branch)s)
  AND (%(reason)s::text IS NULL OR reason = %(reason)s)
  AND (%(since)s::timestamptz IS NULL OR arrived_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR arrived_at < %(until)s)
  AND (%(company_id)s::bigint IS NULL OR EXISTS (
      SELECT FROM contact WHERE contact.id = visit.contact_id AND contact.company_id = %(company_id)s))
