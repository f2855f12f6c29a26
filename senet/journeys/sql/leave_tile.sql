-- Let the people in `leaving` go from a tile, but stop those who may not go on, with the reason.
-- Reads: leaving (temporary), contact, segment_member, membership_change (what its reader has not come to), list_member. Writes: visit, parted (temporary).
-- Locks: the visits, which the caller holds already: their places do not change. Returns: how many left by each branch; no branch counts the stopped.
-- Index: the keys of visit, contact and segment_member, membership_change_xid.
WITH judged AS MATERIALIZED (
    SELECT standing.place, leaving.branch,
           CASE WHEN contact.id IS NULL THEN 'deleted'
                WHEN %(suppression_segment_id)s IS NOT NULL AND EXISTS (
                    SELECT FROM segment_member
                    WHERE segment_id = %(suppression_segment_id)s AND contact_id = leaving.contact_id) THEN 'suppressed'
                WHEN contact.consent_level < %(minimum_consent)s THEN 'consent'
                WHEN contact.business_unit_id <> %(business_unit_id)s::bigint THEN 'business_unit'
                WHEN cardinality(%(lists)s::bigint[]) > 0 AND leaving.contact_id IN (
                    SELECT contact_id FROM membership_change AS change
                    WHERE xid >= %(membership_xid)s AND kind = 'list' AND audience_id = ANY (%(lists)s::bigint[])
                      AND change.change = -1 AND by IN ('centre', 'one_click', 'form')
                      AND NOT EXISTS (SELECT FROM list_member
                                      WHERE list_id = change.audience_id AND contact_id = change.contact_id))
                    THEN 'unsubscribed'
                WHEN cardinality(%(exit_tiles)s::int[]) > 0 AND EXISTS (
                    SELECT FROM visit
                    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s
                      AND tile = ANY (%(exit_tiles)s::int[]) AND contact_id = leaving.contact_id) THEN 'exited'
           END AS reason
    FROM leaving
    CROSS JOIN LATERAL (  -- one look-up a row (OFFSET 0): statistics that are behind may not make it a scan of the tile
        SELECT ctid AS place FROM visit
        WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s
          AND contact_id = leaving.contact_id AND left_at IS NULL
        OFFSET 0) AS standing
    LEFT JOIN contact ON contact.id = leaving.contact_id
    WHERE leaving.tile = %(tile)s
), gone AS (
    UPDATE visit
    SET left_at = %(now)s, left_xid = %(xid)s, reason = judged.reason,
        outcome = CASE WHEN judged.reason IS NULL THEN %(outcome)s ELSE 'stopped' END,
        branch = CASE WHEN judged.reason IS NULL THEN judged.branch END
    FROM judged
    WHERE visit.ctid = judged.place
    RETURNING visit.contact_id, visit.branch
), moved AS (
    INSERT INTO parted (tile, contact_id, branch)
    SELECT %(tile)s, contact_id, branch FROM gone WHERE branch IS NOT NULL
)
SELECT branch, count(*) FROM gone GROUP BY branch
