-- Unsubscribe those who have asked for it since the last tick: from the lists that the journey goes to, or from all
-- bulk mail when it goes to none, as the door does.
-- Reads: reaction (temporary). Writes: list_member, membership_change, contact. Locks: none. Index: reaction_due.
WITH asked AS MATERIALIZED (
    SELECT DISTINCT contact_id FROM reaction
    WHERE heard AND type = 'SegmentUnsubscribed' AND at > %(since)s AND at <= %(now)s
), gone AS (
    DELETE FROM list_member USING asked
    WHERE list_member.list_id = ANY (%(lists)s::bigint[]) AND list_member.contact_id = asked.contact_id
    RETURNING list_member.list_id, list_member.contact_id
), noted AS (
    INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
    SELECT 'list', list_id, contact_id, -1, 'one_click', %(now)s FROM gone ORDER BY contact_id, list_id
)
UPDATE contact SET do_not_bulk_email = true
FROM asked
WHERE contact.id = asked.contact_id AND cardinality(%(lists)s::bigint[]) = 0
