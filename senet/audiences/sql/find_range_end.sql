-- Find where a range of so many contacts ends; NULL when fewer are left.
-- Reads: contact. Index: primary key.
SELECT id FROM contact WHERE id > %(above)s ORDER BY id OFFSET %(rows)s - 1 LIMIT 1
