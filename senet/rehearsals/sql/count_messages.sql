-- Count messages by tile, day, state and, for those that were blocked, reason.
-- Reads: message (temporary here). Writes: nothing. Locks: none.
SELECT tile, (queued_at AT TIME ZONE %(zone)s)::date, state, CASE WHEN state = 'blocked' THEN reason END, count(*)
FROM message WHERE journey_id = %(journey_id)s
GROUP BY 1, 2, 3, 4
