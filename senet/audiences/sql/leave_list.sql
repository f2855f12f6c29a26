-- Unsubscribe contacts from a list, log it, and say who was on it.
-- Writes: list_member, membership_change. Locks: the rows, in the order of the ids.
WITH chosen AS (
    SELECT contact_id FROM list_member
    WHERE list_id = %(list_id)s AND contact_id = ANY(%(contact_ids)s::bigint[])
    ORDER BY contact_id FOR UPDATE
), gone AS (
    DELETE FROM list_member USING chosen
    WHERE list_id = %(list_id)s AND list_member.contact_id = chosen.contact_id
    RETURNING list_member.contact_id
), logged AS (
    INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
    SELECT 'list', %(list_id)s, contact_id, -1, %(by)s, %(now)s FROM gone
)
SELECT contact_id FROM gone ORDER BY contact_id
