-- Take the next members out of a segment that is deleted, and log it.
-- Writes: segment_member, membership_change. Locks: the rows.
WITH chosen AS (
    SELECT contact_id FROM segment_member WHERE segment_id = %(segment_id)s ORDER BY contact_id LIMIT %(rows)s FOR UPDATE
), gone AS (
    DELETE FROM segment_member USING chosen
    WHERE segment_id = %(segment_id)s AND segment_member.contact_id = chosen.contact_id
    RETURNING segment_member.contact_id
)
INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
SELECT 'segment', %(segment_id)s, contact_id, -1, %(by)s, %(now)s FROM gone
