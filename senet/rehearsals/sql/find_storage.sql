-- Find how full a table's pages are filled, where that is set.
-- Reads: the catalogue. Writes: nothing. Locks: none.
SELECT option FROM pg_class, unnest(reloptions) AS option WHERE oid = %(table)s::regclass AND option LIKE 'fillfactor=%%'
