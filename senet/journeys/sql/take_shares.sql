-- Take the counters of a split's branches for this transaction, so that two workers never share out the same place.
-- Reads and writes: split_share. Locks: the rows, until commit. Returns: branch, taken.
INSERT INTO split_share (journey_id, iteration, tile, branch)
SELECT %(journey_id)s, %(iteration)s, %(tile)s, branch FROM generate_series(0, %(branches)s - 1) AS branch
ORDER BY branch
ON CONFLICT (journey_id, iteration, tile, branch) DO UPDATE SET taken = split_share.taken
RETURNING branch, taken
