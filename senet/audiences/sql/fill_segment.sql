-- Put exactly the contacts that another room's statement picks into a static segment, and log it: one statement, so
-- that all of them are picked at one moment. Ids that name nobody any more are left out. Returns how many are in.
-- Reads: contact, and what the statement reads. Writes: segment_member, membership_change. Locks: the new rows.
-- The caller fills in the statement, which selects contact ids.
WITH come AS (
    INSERT INTO segment_member (segment_id, contact_id, joined_at)
    SELECT %(segment_id)s, contact.id, %(joined_at)s
    FROM (/* contacts */) AS picked (contact_id) JOIN contact ON contact.id = picked.contact_id
    ORDER BY contact.id
    ON CONFLICT DO NOTHING
    RETURNING contact_id
), logged AS (
    INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
    SELECT 'segment', %(segment_id)s, contact_id, 1, %(by)s, %(joined_at)s FROM come
)
SELECT count(*) FROM come
