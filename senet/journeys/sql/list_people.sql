-- Say who a few contacts are.
-- Reads: contact.
SELECT id, trim(first_name || ' ' || last_name), email FROM contact WHERE id = ANY (%(ids)s::bigint[]) ORDER BY id
