-- List the indexes that keep a summary of each stretch of pages (BRIN), with the size of their tables in bytes.
-- Reads: the catalogue. Writes: nothing. Locks: none. Index: the catalogue's own.
SELECT index.oid::bigint, pg_relation_size(pg_index.indrelid)
FROM pg_class AS index
JOIN pg_am ON pg_am.oid = index.relam AND pg_am.amname = 'brin'
JOIN pg_index ON pg_index.indexrelid = index.oid
WHERE index.relkind = 'i' AND index.relnamespace = current_schema()::regnamespace
