-- Find the business unit that a contact belongs to. Reads: contact. Writes: nothing. Locks: none. Index: contact_pkey.
SELECT business_unit_id FROM contact WHERE id = %(id)s
