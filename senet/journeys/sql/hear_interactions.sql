-- Keep, beside the messages, the first interactions that if/then tiles may ask about, and note whom they concern.
-- Robots never open a way: their interactions do not count. A link of a loop counts as the link it repeats.
-- Reads: interaction. Writes: first_interaction, news (temporary). Locks: new rows.
-- Index: interaction_xid, the key of first_interaction. Returns: rows looked at, the last id, kept or improved.
WITH stretch AS MATERIALIZED (
    SELECT id, type, at, contact_id, journey_id, iteration, tile, link, verdict
    FROM interaction
    WHERE xid >= %(from_xid)s AND xid < %(upto_xid)s AND id > %(last_id)s
    ORDER BY id
    LIMIT %(limit)s
), heard AS MATERIALIZED (
    SELECT stretch.contact_id, stretch.journey_id, stretch.iteration, stretch.tile, stretch.type,
           each.link, min(stretch.at) AS at
    FROM stretch
    JOIN unnest(%(journeys)s::bigint[], %(tiles)s::int[], %(types)s::text[]) AS observed (journey_id, tile, type)
      ON observed.journey_id = stretch.journey_id AND observed.tile = stretch.tile AND observed.type = stretch.type
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(ARRAY[0, coalesce(stretch.link, 0) %% 256]) AS link) AS each
    WHERE stretch.contact_id IS NOT NULL AND stretch.verdict IS DISTINCT FROM 'bot'
    GROUP BY 1, 2, 3, 4, 5, 6
), kept AS (
    INSERT INTO first_interaction (contact_id, journey_id, iteration, tile, type, link, at)
    SELECT contact_id, journey_id, coalesce(iteration, 1), tile, type, link, at FROM heard
    ORDER BY journey_id, iteration, tile, contact_id, type, link
    ON CONFLICT (journey_id, iteration, tile, contact_id, type, link)
        DO UPDATE SET at = excluded.at WHERE excluded.at < first_interaction.at
    RETURNING journey_id, contact_id
), noted AS (
    INSERT INTO news (journey_id, contact_id, role) SELECT DISTINCT journey_id, contact_id, 'heard' FROM kept
)
SELECT (SELECT count(*) FROM stretch), (SELECT coalesce(max(id), 0) FROM stretch), (SELECT count(*) FROM kept)
