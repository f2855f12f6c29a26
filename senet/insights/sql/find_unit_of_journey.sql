-- Find the business unit that a journey belongs to. Reads: journey. Writes: nothing. Locks: none. Index: journey_pkey.
SELECT business_unit_id FROM journey WHERE id = %(id)s
