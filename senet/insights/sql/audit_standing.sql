-- Count those who stood in a tile at a position: who has arrived and not left by then, less who was stopped just then.
-- Reads: visit, resumption. Writes: nothing. Locks: none. Index: none.
SELECT journey_id, iteration, tile, count(*)
FROM visit WHERE arrived_xid < %(xid)s AND (left_xid IS NULL OR left_xid >= %(xid)s) GROUP BY 1, 2, 3
UNION ALL
SELECT journey_id, iteration, tile, -count(*)
FROM resumption WHERE stopped_xid < %(xid)s AND xid >= %(xid)s GROUP BY 1, 2, 3
