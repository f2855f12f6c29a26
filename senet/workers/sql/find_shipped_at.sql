-- Find the moment up to which every stream is known to be complete in ClickHouse.
-- Reads: ship_offset (a row a stream). Writes: nothing. Locks: none. Index: none (the table is small).
SELECT min(shipped_at) FROM ship_offset
