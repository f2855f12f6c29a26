-- Count who stands at each tile of a journey.
-- Reads: visit. Writes: nothing. Locks: none. Index: visit_due alone answers it.
SELECT tile, count(*)
FROM visit
WHERE journey_id = %(journey_id)s AND left_at IS NULL AND due_at IS NOT NULL
GROUP BY tile
