-- Put the cohort aside until everybody who arrives at the next tile in this transaction has come.
-- Reads: cohort (temporary). Writes: parted (temporary).
INSERT INTO parted (tile, contact_id, branch) SELECT %(tile)s, contact_id, 0 FROM cohort
