-- Put contacts into a static segment and log it. Ids that name nobody are ignored.
-- Reads: contact. Writes: segment_member, membership_change. Locks: the new rows, in the order of the ids.
WITH come AS (
    INSERT INTO segment_member (segment_id, contact_id, joined_at)
    SELECT %(segment_id)s, contact.id, %(now)s FROM contact
    WHERE contact.id = ANY(%(contact_ids)s::bigint[]) ORDER BY contact.id
    ON CONFLICT DO NOTHING
    RETURNING contact_id
)
INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
SELECT 'segment', %(segment_id)s, contact_id, 1, %(by)s, %(now)s FROM come
