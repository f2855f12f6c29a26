-- List the log's partitions with their first moment (empty for the default partition).
-- Reads: the catalogue. Writes: nothing. Locks: none. Index: the catalogue's own.
SELECT child.relname, substring(pg_get_expr(child.relpartbound, child.oid) FROM $$FROM \('([^']+)'$$)::timestamptz
FROM pg_inherits
JOIN pg_class AS child ON child.oid = pg_inherits.inhrelid
WHERE pg_inherits.inhparent = 'interaction'::regclass
ORDER BY 2 NULLS LAST
