-- Take the next members off a list that is deleted, and log it.
-- Writes: list_member, membership_change. Locks: the rows.
WITH chosen AS (
    SELECT contact_id FROM list_member WHERE list_id = %(list_id)s ORDER BY contact_id LIMIT %(rows)s FOR UPDATE
), gone AS (
    DELETE FROM list_member USING chosen
    WHERE list_id = %(list_id)s AND list_member.contact_id = chosen.contact_id
    RETURNING list_member.contact_id
)
INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
SELECT 'list', %(list_id)s, contact_id, -1, %(by)s, %(now)s FROM gone
