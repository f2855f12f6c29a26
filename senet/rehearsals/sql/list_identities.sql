-- List a table's columns that number themselves, where the numbers are wide.
-- Reads: the catalogue. Writes: nothing. Locks: none.
SELECT attname FROM pg_attribute
WHERE attrelid = %(table)s::regclass AND attidentity <> '' AND atttypid = 'bigint'::regtype AND NOT attisdropped
