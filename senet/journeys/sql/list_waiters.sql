-- List the moments at which those who stand at a tile came, when time lets them go, and how many they are.
-- Reads: visit. Writes: nothing. Locks: none. Index: visit_due.
SELECT arrived_at, due_at, count(*)
FROM visit
WHERE journey_id = %(journey_id)s AND tile = %(tile)s AND left_at IS NULL AND due_at IS NOT NULL
  AND iteration = %(iteration)s
GROUP BY arrived_at, due_at
ORDER BY arrived_at, due_at
