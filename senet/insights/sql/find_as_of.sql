-- Find since when the numbers of some streams are complete; no row or no moment: never shipped.
-- Reads: ship_offset. Writes: nothing. Locks: none. Index: ship_offset_pkey.
SELECT CASE WHEN count(shipped_at) = cardinality(%(streams)s::text[]) THEN min(shipped_at) END
FROM ship_offset WHERE stream = ANY (%(streams)s::text[])
