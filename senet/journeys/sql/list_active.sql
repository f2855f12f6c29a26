-- List the journeys that the engine has to think of: live ones, those between two states, and those that may resume:
-- stopped ones, and ones that could not go live again.
-- Reads: journey, journey_version, iteration. Writes: nothing. Locks: none. Small: one row a journey that ever went live.
SELECT journey.id, journey.status, journey.live_version_id, journey.enrolled_version_id, journey.reconsider,
       journey_version.start_at, journey_version.end_at, journey.stopped_at,
       coalesce(latest.number, 0), latest.due_end_at, journey.live_since, journey.called_xid, journey.live_xid
FROM journey
    LEFT JOIN journey_version ON journey_version.id = journey.live_version_id
    LEFT JOIN LATERAL (
        SELECT number, due_end_at FROM iteration
        WHERE iteration.journey_id = journey.id ORDER BY number DESC LIMIT 1) AS latest ON true
WHERE journey.status IN ('going_live', 'live', 'live_editable', 'stopping', 'stopped')
   OR (journey.status = 'error' AND journey.live_version_id IS NOT NULL)
ORDER BY journey.id
