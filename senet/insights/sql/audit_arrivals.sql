-- Count the arrivals below a position, by tile. Reads: visit. Writes: nothing. Locks: none. Index: none.
SELECT journey_id, iteration, tile, count(*) FROM visit WHERE arrived_xid < %(xid)s GROUP BY 1, 2, 3
