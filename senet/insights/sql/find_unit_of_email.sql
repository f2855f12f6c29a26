-- Find the business unit that a email belongs to. Reads: email. Writes: nothing. Locks: none. Index: email_pkey.
SELECT business_unit_id FROM email WHERE id = %(id)s
