-- Find the drawn graph that a journey's numbers belong to: the version that is live or was last, else the draft.
-- Reads: journey, journey_version. Writes: nothing. Locks: none. Index: journey_pkey, journey_version_once.
SELECT coalesce(
    (SELECT definition FROM journey_version WHERE journey_id = journey.id ORDER BY number DESC LIMIT 1),
    journey.definition
)
FROM journey WHERE id = %(journey_id)s
