-- Say at which waiting tiles somebody is due, and in which journeys somebody still has to be called in.
-- Reads: visit, enrolment, entry. Writes: nothing. Locks: none.
-- Index: visit_due, the keys of enrolment and entry; one probe a tile.
SELECT asked.journey_id, asked.tile
FROM unnest(%(journeys)s::bigint[], %(tiles)s::int[]) AS asked (journey_id, tile)
WHERE EXISTS (
    SELECT FROM visit
    WHERE visit.journey_id = asked.journey_id AND visit.tile = asked.tile
      AND visit.left_at IS NULL AND visit.due_at <= %(now)s)
UNION ALL
SELECT live.journey_id, 0
FROM unnest(%(live)s::bigint[]) AS live (journey_id)
WHERE EXISTS (SELECT FROM enrolment WHERE enrolment.journey_id = live.journey_id)
   OR EXISTS (SELECT FROM entry WHERE entry.journey_id = live.journey_id)
