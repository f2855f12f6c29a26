-- Call the people in `leaving` in at an entrance. Nobody enters twice in an iteration.
-- Contacts below the minimum consent and excluded ones do not enter, nor who came to an exit; suppressed ones, and those
-- of other business units where the journey keeps to its own, stop at the entrance.
-- Reads: leaving (temporary), contact, segment_member. Writes: visit, cohort (temporary).
-- Locks: new rows only; a second worker that enrols the same person waits, and then finds the person enrolled.
-- Index: the keys of contact, segment_member and visit. Returns: how many entered, and how many of them stopped.
WITH judged AS (
    SELECT leaving.contact_id,
           CASE WHEN %(suppression_segment_id)s IS NOT NULL AND EXISTS (
                    SELECT FROM segment_member AS suppressed
                    WHERE suppressed.segment_id = %(suppression_segment_id)s
                      AND suppressed.contact_id = leaving.contact_id) THEN 'suppressed'
                WHEN contact.business_unit_id <> %(business_unit_id)s::bigint THEN 'business_unit' END AS reason
    FROM leaving JOIN contact ON contact.id = leaving.contact_id
    WHERE leaving.tile = %(tile)s AND contact.consent_level >= %(minimum_consent)s
      AND (cardinality(%(excluded_segments)s::bigint[]) = 0 OR NOT EXISTS (
          SELECT FROM segment_member AS excluded
          WHERE excluded.segment_id = ANY (%(excluded_segments)s::bigint[])
            AND excluded.contact_id = leaving.contact_id))
      AND (cardinality(%(exit_tiles)s::int[]) = 0 OR NOT EXISTS (
          SELECT FROM visit
          WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s
            AND tile = ANY (%(exit_tiles)s::int[]) AND contact_id = leaving.contact_id))
), arrived AS (
    INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, left_at,
                       outcome, reason, branch, arrived_xid, left_xid)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, %(now)s,
           CASE WHEN reason IS NULL THEN 'processed' ELSE 'stopped' END, reason,
           CASE WHEN reason IS NULL THEN 0 END, %(xid)s, %(xid)s
    FROM judged
    ORDER BY contact_id
    ON CONFLICT DO NOTHING
    RETURNING contact_id, reason
), moved AS (
    INSERT INTO cohort (contact_id) SELECT contact_id FROM arrived WHERE reason IS NULL
)
SELECT count(*), count(reason) FROM arrived
