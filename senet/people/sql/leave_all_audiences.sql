-- A contact that is deleted leaves every segment and list; journeys and insights follow the changes.
-- Writes: segment_member, list_member, membership_change. Index: segment_member_contact, list_member_contact.
WITH segments AS (
    DELETE FROM segment_member WHERE contact_id = %(contact_id)s RETURNING segment_id
), lists AS (
    DELETE FROM list_member WHERE contact_id = %(contact_id)s RETURNING list_id
)
INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
SELECT 'segment', segment_id, %(contact_id)s, -1, 'user', %(now)s FROM segments
UNION ALL
SELECT 'list', list_id, %(contact_id)s, -1, 'user', %(now)s FROM lists
