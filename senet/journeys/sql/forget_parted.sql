-- Let the cohort, which came to an exit, not be taken on by another way in this transaction.
-- Reads: cohort (temporary). Writes: parted (temporary).
DELETE FROM parted USING cohort WHERE parted.contact_id = cohort.contact_id
