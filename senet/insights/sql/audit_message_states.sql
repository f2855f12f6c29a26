-- Count messages by journey, tile and state. Reads: message. Writes: nothing. Locks: none. Index: none.
SELECT journey_id, tile, state, count(*) FROM message GROUP BY 1, 2, 3
