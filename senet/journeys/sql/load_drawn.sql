-- Make those of one share who have left a tile the cohort; who was stopped instead is not among them.
-- Reads: leaving, parted (temporary). Writes: cohort (temporary).
INSERT INTO cohort (contact_id)
SELECT leaving.contact_id
FROM leaving JOIN parted ON parted.tile = %(tile)s AND parted.contact_id = leaving.contact_id
WHERE leaving.tile = -%(tile)s::int AND leaving.branch = %(share)s
