-- Make one share of a cohort the cohort.
-- Reads: leaving (temporary). Writes: cohort (temporary).
INSERT INTO cohort (contact_id)
SELECT contact_id FROM leaving WHERE tile = -%(tile)s::int AND branch = %(share)s
