-- Count those who stood in a tile at a position. Reads: visit. Writes: nothing. Locks: none. Index: none.
SELECT journey_id, iteration, tile, count(*)
FROM visit WHERE arrived_xid < %(xid)s AND (left_xid IS NULL OR left_xid >= %(xid)s) GROUP BY 1, 2, 3
