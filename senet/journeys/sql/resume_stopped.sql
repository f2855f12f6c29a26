-- Let those go on who were stopped and against whom nothing stands any more: they left the suppression segment, gave
-- consent again, or came back to the business unit. Their visit is open again, and the ledger keeps that it was stopped.
-- Reads: news (temporary), contact, segment_member. Writes: visit, resumption.
-- Locks: the visits. The caller holds the journey alone. Index: the keys of visit (once a tile), contact, segment_member.
-- Returns: who goes on, by tile, by when they came, and by when time lets them go.
WITH resuming AS MATERIALIZED (
    SELECT visit.tile, visit.contact_id
    FROM (SELECT DISTINCT contact_id FROM news
          WHERE journey_id = %(journey_id)s AND role IN ('released', 'judge')) AS candidate
    CROSS JOIN unnest(%(tiles)s::int[]) AS waiting (tile)
    JOIN visit ON visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s
              AND visit.tile = waiting.tile AND visit.contact_id = candidate.contact_id
    JOIN contact ON contact.id = candidate.contact_id
    WHERE visit.outcome = 'stopped' AND visit.reason IN ('suppressed', 'consent', 'external_consent', 'business_unit')
      AND contact.consent_level >= %(minimum_consent)s
      AND (contact.business_unit_id <> %(business_unit_id)s::bigint) IS NOT TRUE
      AND (%(suppression_segment_id)s IS NULL OR NOT EXISTS (
          SELECT FROM segment_member
          WHERE segment_id = %(suppression_segment_id)s AND contact_id = candidate.contact_id))
), kept AS (
    INSERT INTO resumption (journey_id, iteration, tile, contact_id, arrived_at, stopped_at, stopped_xid, reason,
                            resumed_at, xid)
    SELECT journey_id, iteration, tile, contact_id, arrived_at, left_at, left_xid, reason, %(now)s, %(xid)s
    FROM visit JOIN resuming USING (tile, contact_id)
    WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s
), resumed AS (
    UPDATE visit
    SET left_at = NULL, left_xid = NULL, outcome = NULL, reason = NULL, branch = NULL,
        due_at = coalesce(visit.due_at, %(now)s)
    FROM resuming
    WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = resuming.tile
      AND visit.contact_id = resuming.contact_id
    RETURNING visit.tile, visit.contact_id, visit.arrived_at, visit.due_at
)
SELECT tile, arrived_at, due_at, array_agg(contact_id) FROM resumed GROUP BY tile, arrived_at, due_at
