-- List the definitions of a table's triggers.
-- Reads: the catalogue. Writes: nothing. Locks: none.
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal ORDER BY tgname
