-- Subscribe contacts to a list, log it, and say who is new on it. Ids that name nobody are ignored.
-- Reads: contact. Writes: list_member, membership_change. Locks: the new rows, in the order of the ids.
WITH come AS (
    INSERT INTO list_member (list_id, contact_id, joined_at, source)
    SELECT %(list_id)s, contact.id, %(now)s, %(by)s FROM contact
    WHERE contact.id = ANY(%(contact_ids)s::bigint[]) ORDER BY contact.id
    ON CONFLICT DO NOTHING
    RETURNING contact_id
), logged AS (
    INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
    SELECT 'list', %(list_id)s, contact_id, 1, %(by)s, %(now)s FROM come
)
SELECT contact_id FROM come ORDER BY contact_id
