-- Pick a few people whom an entrance would bring in now.
-- Reads: segment_member, list_member, contact, visit. Writes: nothing. Locks: none. Index: the keys of all four, from the
-- first member on until there are enough.
WITH chosen AS (  -- segments and lists apart: the planner knows how many there are in each, but not in both together
    SELECT contact_id, count(*) AS sources FROM segment_member
    WHERE segment_id = ANY (%(included_segments)s::bigint[]) GROUP BY contact_id
), listed AS (
    SELECT contact_id, count(*) AS sources FROM list_member
    WHERE list_id = ANY (%(included_lists)s::bigint[]) GROUP BY contact_id
), member AS (  -- of a single source, or of several; one of the two falls away when the statement is planned
    SELECT contact_id FROM segment_member
    WHERE %(single)s AND segment_id = ANY (%(included_segments)s::bigint[])
    UNION ALL
    SELECT contact_id FROM list_member
    WHERE %(single)s AND list_id = ANY (%(included_lists)s::bigint[])
    UNION ALL
    SELECT coalesce(chosen.contact_id, listed.contact_id)
    FROM chosen FULL JOIN listed ON listed.contact_id = chosen.contact_id
    WHERE NOT %(single)s AND coalesce(chosen.sources, 0) + coalesce(listed.sources, 0) >= %(needed)s
)
SELECT contact.id
FROM member JOIN contact ON contact.id = member.contact_id
WHERE contact.consent_level >= %(minimum_consent)s
  AND (contact.business_unit_id <> %(business_unit_id)s::bigint) IS NOT TRUE
  AND NOT EXISTS (
      SELECT FROM segment_member
      WHERE segment_id = ANY (%(excluded_segments)s::bigint[] || %(suppression_segment_id)s::bigint)
        AND contact_id = member.contact_id)
  AND NOT EXISTS (
      SELECT FROM visit
      WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND visit.tile = %(tile)s
        AND visit.contact_id = member.contact_id)
LIMIT %(sample)s
