-- Put whoever submitted, in a stretch of the log, a form that a journey waits for on the list of those who enter.
-- Reads: interaction. Writes: entry. Locks: new rows. Index: interaction_xid, the key of entry.
INSERT INTO entry (journey_id, iteration, tile, contact_id)
SELECT DISTINCT watched.journey_id, watched.iteration, watched.tile, submitted.contact_id
FROM (
    SELECT id, type, at, contact_id, form_id, verdict, detail
    FROM interaction
    WHERE xid >= %(from_xid)s AND xid < %(upto_xid)s AND id > %(last_id)s AND id <= %(upto_id)s
      AND type = 'FormSubmitted' AND contact_id IS NOT NULL AND verdict IS DISTINCT FROM 'bot'
      AND coalesce(detail->>'result', 'success') = 'success'
    OFFSET 0) AS submitted
JOIN unnest(%(journeys)s::bigint[], %(iterations)s::int[], %(tiles)s::int[], %(forms)s::bigint[],
            %(since)s::timestamptz[])
     AS watched (journey_id, iteration, tile, form_id, since)
  ON watched.form_id = submitted.form_id AND submitted.at >= watched.since
ORDER BY 1, 2, 3, 4
ON CONFLICT DO NOTHING
