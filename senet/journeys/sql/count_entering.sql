-- Count the people whom several entrances would bring in, each once, whoever may be brought in by more than one.
-- Reads: segment_member, list_member, contact, visit. Writes: nothing. Locks: none. Index: the keys of all four.
WITH source AS (
    SELECT * FROM unnest(%(tiles)s::int[], %(needed)s::int[], %(kinds)s::text[], %(ids)s::bigint[],
                         %(excludes)s::boolean[]) AS source (tile, needed, kind, id, excludes)
), member AS (
    SELECT tile, contact_id
    FROM (
        SELECT tile, needed, excludes, contact_id FROM source JOIN segment_member ON segment_id = id
        WHERE kind = 'segment'
        UNION ALL
        SELECT tile, needed, excludes, contact_id FROM source JOIN list_member ON list_id = id WHERE kind = 'list'
    ) AS membership
    GROUP BY tile, contact_id
    HAVING count(*) FILTER (WHERE NOT excludes) >= min(needed) AND count(*) FILTER (WHERE excludes) = 0
)
SELECT count(DISTINCT member.contact_id)
FROM member JOIN contact ON contact.id = member.contact_id
WHERE contact.consent_level >= %(minimum_consent)s
  AND (contact.business_unit_id <> %(business_unit_id)s::bigint) IS NOT TRUE
  AND NOT EXISTS (
      SELECT FROM segment_member
      WHERE segment_id = %(suppression_segment_id)s::bigint AND contact_id = member.contact_id)
  AND NOT EXISTS (
      SELECT FROM visit
      WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND visit.tile = member.tile
        AND visit.contact_id = member.contact_id)
