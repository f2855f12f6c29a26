-- Take people whom a form, a changed record or the like is to bring in at one entrance, at most one chunk of them.
-- Reads and writes: entry. Writes: leaving (temporary). Locks: the rows; those another worker holds are skipped.
-- Index: the key of entry.
WITH claimed AS (
    DELETE FROM entry
    WHERE (journey_id, iteration, tile, contact_id) IN (
        SELECT journey_id, iteration, tile, contact_id FROM entry
        WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = (
            SELECT min(tile) FROM entry WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s)
        ORDER BY contact_id
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED)
    RETURNING tile, contact_id
), moved AS (
    INSERT INTO leaving (tile, contact_id) SELECT tile, contact_id FROM claimed
)
SELECT tile, count(*) FROM claimed GROUP BY tile
