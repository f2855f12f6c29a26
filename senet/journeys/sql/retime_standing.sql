-- Give those who stand at a tile a new moment at which time lets them go, by the moment at which they came.
-- Reads and writes: visit. Locks: the visits; the caller holds the journey alone. Index: visit_due.
UPDATE visit SET due_at = retimed.due_at
FROM unnest(%(arrivals)s::timestamptz[], %(dues)s::timestamptz[]) AS retimed (arrived_at, due_at)
WHERE visit.journey_id = %(journey_id)s AND visit.tile = %(tile)s AND visit.left_at IS NULL
  AND visit.due_at IS NOT NULL AND visit.iteration = %(iteration)s AND visit.arrived_at = retimed.arrived_at
  AND visit.due_at <> retimed.due_at
