-- Say to how many included and excluded sources of each audience a person belongs, and whether their consent is too low.
-- Reads: contact, segment_member, list_member. Writes: nothing. Locks: none. Index: the keys of all three.
SELECT source.tile,
       count(*) FILTER (WHERE belongs AND NOT source.excluded), count(*) FILTER (WHERE belongs AND source.excluded),
       contact.consent_level < %(minimum_consent)s
FROM contact
CROSS JOIN unnest(%(tiles)s::int[], %(kinds)s::text[], %(ids)s::bigint[], %(excludes)s::boolean[])
    AS source (tile, kind, id, excluded)
CROSS JOIN LATERAL (
    SELECT CASE source.kind
        WHEN 'segment' THEN EXISTS (
            SELECT FROM segment_member WHERE segment_id = source.id AND contact_id = contact.id)
        ELSE EXISTS (SELECT FROM list_member WHERE list_id = source.id AND contact_id = contact.id) END AS belongs
) AS membership
WHERE contact.id = %(contact_id)s
GROUP BY source.tile, contact.consent_level
