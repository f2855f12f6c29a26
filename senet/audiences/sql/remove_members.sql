-- Take contacts out of a static segment and log it.
-- Writes: segment_member, membership_change. Locks: the rows, in the order of the ids.
WITH chosen AS (
    SELECT contact_id FROM segment_member
    WHERE segment_id = %(segment_id)s AND contact_id = ANY(%(contact_ids)s::bigint[])
    ORDER BY contact_id FOR UPDATE
), gone AS (
    DELETE FROM segment_member USING chosen
    WHERE segment_id = %(segment_id)s AND segment_member.contact_id = chosen.contact_id
    RETURNING segment_member.contact_id
)
INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
SELECT 'segment', %(segment_id)s, contact_id, -1, %(by)s, %(now)s FROM gone
