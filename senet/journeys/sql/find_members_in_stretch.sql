-- Find the members of the audience within a stretch of contact ids.
-- Reads: segment_member, list_member. Writes: leaving (temporary). Locks: none.
-- Index: the keys of segment_member and list_member.
INSERT INTO leaving (tile, contact_id)
SELECT %(tile)s, contact_id FROM (
    SELECT contact_id FROM segment_member
    WHERE segment_id = ANY (%(included_segments)s::bigint[]) AND contact_id BETWEEN %(low)s AND %(high)s
    UNION ALL
    SELECT contact_id FROM list_member
    WHERE list_id = ANY (%(included_lists)s::bigint[]) AND contact_id BETWEEN %(low)s AND %(high)s
) AS source
GROUP BY contact_id
HAVING count(*) >= %(needed)s
