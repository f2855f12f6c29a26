-- Make the people who left certain tiles by certain ways the cohort that arrives at the next one. Whoever
-- comes by two of them, from two lanes, arrives once.
-- Reads: parted (temporary). Writes: cohort (temporary).
INSERT INTO cohort (contact_id)
SELECT parted.contact_id
FROM unnest(%(tiles)s::int[], %(branches)s::int[]) AS way (tile, branch)
JOIN parted ON parted.tile = way.tile AND parted.branch = way.branch
ON CONFLICT DO NOTHING
