-- Count the departures below a position, by tile, outcome, reason and branch.
-- Reads: departure. Writes: nothing. Locks: none. Index: none.
SELECT journey_id, iteration, tile, outcome, coalesce(reason, ''), coalesce(branch, -1), sum(weight)::bigint
FROM departure WHERE xid < %(xid)s GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(weight) <> 0
