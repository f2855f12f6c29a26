-- Take out the members of a static segment whose contact was deleted, and log it.
-- Reads: contact. Writes: segment_member, membership_change. Locks: the rows.
WITH gone AS (
    DELETE FROM segment_member
    WHERE segment_id = %(segment_id)s
        AND NOT EXISTS (SELECT FROM contact WHERE contact.id = segment_member.contact_id)
    RETURNING contact_id
)
INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
SELECT 'segment', %(segment_id)s, contact_id, -1, 'rule', %(now)s FROM gone
