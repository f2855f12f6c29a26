-- Take people whom a form, a changed record or the like is to bring in at one entrance, at most one chunk of them.
-- Reads and writes: entry. Writes: leaving (temporary). Locks: the rows; those another worker holds are skipped.
-- Index: the key of entry.
-- Chosen once (MATERIALIZED): a plan that asked again for each row would take more than a chunk.
WITH chosen AS MATERIALIZED (
    SELECT journey_id, iteration, tile, contact_id FROM entry
    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = (
        SELECT min(tile) FROM entry WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s)
    ORDER BY contact_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), claimed AS (
    DELETE FROM entry USING chosen
    WHERE entry.journey_id = chosen.journey_id AND entry.iteration = chosen.iteration
      AND entry.tile = chosen.tile AND entry.contact_id = chosen.contact_id
    RETURNING entry.tile, entry.contact_id
), moved AS (
    INSERT INTO leaving (tile, contact_id) SELECT tile, contact_id FROM claimed
)
SELECT tile, count(*) FROM claimed GROUP BY tile
