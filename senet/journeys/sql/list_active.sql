-- List the journeys that the engine has to think of: live ones, those between two states, and stopped ones that may resume.
-- Reads: journey, journey_version, iteration. Writes: nothing. Locks: none. Small: one row a journey that ever went live.
SELECT journey.id, journey.status, journey.live_version_id, journey.enrolled_version_id, journey.reconsider,
       journey_version.start_at, journey_version.end_at, journey.stopped_at,
       coalesce((SELECT max(number) FROM iteration WHERE iteration.journey_id = journey.id), 0)
FROM journey LEFT JOIN journey_version ON journey_version.id = journey.live_version_id
WHERE journey.status IN ('going_live', 'live', 'live_editable', 'stopping', 'stopped')
ORDER BY journey.id
