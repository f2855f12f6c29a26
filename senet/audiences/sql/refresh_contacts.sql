-- Make a segment's membership right for some contacts, and log who came and who went, in one statement.
-- Reads: contact, company, segment_member, list_member. Writes: segment_member, membership_change.
-- Locks: the rows that change; the caller holds the segment's advisory lock. Index: primary keys.
-- The compiler fills in the join and the condition.
WITH wanted AS MATERIALIZED (
    SELECT contact.id AS contact_id
    FROM contact /* join */
    WHERE contact.id = ANY(%(contact_ids)s::bigint[]) AND /* condition */
), gone AS (
    DELETE FROM segment_member
    WHERE segment_id = %(segment_id)s AND contact_id = ANY(%(contact_ids)s::bigint[])
        AND NOT EXISTS (SELECT FROM wanted WHERE wanted.contact_id = segment_member.contact_id)
    RETURNING contact_id
), come AS (
    INSERT INTO segment_member (segment_id, contact_id, joined_at)
    SELECT %(segment_id)s, contact_id, %(now)s FROM wanted
    WHERE NOT EXISTS (
        SELECT FROM segment_member AS present
        WHERE present.segment_id = %(segment_id)s AND present.contact_id = wanted.contact_id
            AND present.contact_id = ANY(%(contact_ids)s::bigint[])
    )
    ON CONFLICT DO NOTHING
    RETURNING contact_id
), logged AS (
    INSERT INTO membership_change (kind, audience_id, contact_id, change, by, at)
    SELECT 'segment', %(segment_id)s, contact_id, change, 'rule', %(now)s
    FROM (SELECT contact_id, 1 AS change FROM come UNION ALL SELECT contact_id, -1 FROM gone) AS changes
    RETURNING change
)
SELECT count(*) FILTER (WHERE change > 0), count(*) FILTER (WHERE change < 0) FROM logged
