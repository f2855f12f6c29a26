-- Find the definition of a table's key.
-- Reads: the catalogue. Writes: nothing. Locks: none.
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'p'
