-- Write the visits of a cohort whose consent this tile may have changed: who is below the minimum now is stopped here.
-- Reads: cohort (temporary), contact. Writes: visit, parted (temporary). Locks: new rows only. Index: the key of contact.
WITH judged AS MATERIALIZED (
    SELECT cohort.contact_id, coalesce(contact.consent_level < %(minimum_consent)s, false) AS below
    FROM cohort LEFT JOIN contact ON contact.id = cohort.contact_id
), arrived AS (
    INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, left_at,
                       outcome, reason, branch, arrived_xid, left_xid)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, %(now)s,
           CASE WHEN below THEN 'stopped' ELSE 'processed' END, CASE WHEN below THEN 'consent' END,
           CASE WHEN NOT below THEN 0 END, %(xid)s, %(xid)s
    FROM judged
    ORDER BY contact_id
)
INSERT INTO parted (tile, contact_id, branch) SELECT %(tile)s, contact_id, 0 FROM judged WHERE NOT below
