-- Keep, beside the messages, the first interactions that if/then tiles may ask about, and note whom they concern.
-- Robots never open a way: their interactions do not count. A link of a loop counts as the link it repeats, and is kept
-- with the version of the email that numbers it. What happens on a page, form, event or survey counts for whoever has
-- been at the tile before. A channel's response counts as one of its kind, and as one with its keyword
-- (integrations/responses.py names them).
-- Reads: interaction, visit. Writes: first_interaction, news (temporary). Locks: new rows.
-- Index: interaction_xid, the keys of first_interaction and visit. Returns: rows looked at, the last id, kept or improved.
WITH stretch AS MATERIALIZED (
    SELECT id, type, at, contact_id, journey_id, iteration, tile, link, verdict, page_id, form_id, event_id, detail,
           CASE WHEN type = 'CustomChannelResponse' THEN type || ':' || (detail->>'response') END AS response,
           CASE WHEN type = 'CustomChannelResponse' THEN '=' || (detail->>'match') END AS match
    FROM interaction
    WHERE xid >= %(from_xid)s AND xid < %(upto_xid)s AND id > %(last_id)s
    ORDER BY id
    LIMIT %(limit)s
), heard AS MATERIALIZED (
    SELECT stretch.contact_id, stretch.journey_id, coalesce(stretch.iteration, 1) AS iteration, stretch.tile,
           each.type, each.link, min(stretch.at) AS at
    FROM stretch
    JOIN unnest(%(journeys)s::bigint[], %(tiles)s::int[], %(types)s::text[]) AS observed (journey_id, tile, type)
      ON observed.journey_id = stretch.journey_id AND observed.tile = stretch.tile
     AND observed.type IN (stretch.type, stretch.response, stretch.response || stretch.match)
    CROSS JOIN LATERAL (
        SELECT observed.type, 0
        UNION ALL
        SELECT concat_ws(':', observed.type, stretch.detail->>'version'), stretch.link %% 256 WHERE stretch.link %% 256 > 0
    ) AS each (type, link)
    WHERE stretch.contact_id IS NOT NULL AND stretch.verdict IS DISTINCT FROM 'bot'
    GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT stretch.contact_id, asked.journey_id, asked.iteration, asked.tile, asked.kept_as, 0, min(stretch.at)
    FROM stretch
    JOIN unnest(%(thing_journeys)s::bigint[], %(thing_iterations)s::int[], %(thing_tiles)s::int[],
                %(thing_types)s::text[], %(thing_columns)s::text[], %(thing_records)s::bigint[], %(thing_names)s::text[])
         AS asked (journey_id, iteration, tile, type, column_name, record, kept_as)
      ON asked.type = stretch.type AND asked.record::text = CASE asked.column_name
          WHEN 'page_id' THEN stretch.page_id::text WHEN 'form_id' THEN stretch.form_id::text
          WHEN 'event_id' THEN stretch.event_id::text ELSE stretch.detail->>asked.column_name END
    JOIN visit
      ON visit.journey_id = asked.journey_id AND visit.iteration = asked.iteration AND visit.tile = asked.tile
     AND visit.contact_id = stretch.contact_id AND visit.arrived_at <= stretch.at
    WHERE stretch.verdict IS DISTINCT FROM 'bot'
    GROUP BY 1, 2, 3, 4, 5
), kept AS (
    INSERT INTO first_interaction (contact_id, journey_id, iteration, tile, type, link, at)
    SELECT contact_id, journey_id, iteration, tile, type, link, at FROM heard
    ORDER BY journey_id, iteration, tile, contact_id, type, link
    ON CONFLICT (journey_id, iteration, tile, contact_id, type, link)
        DO UPDATE SET at = excluded.at WHERE excluded.at < first_interaction.at
    RETURNING journey_id, contact_id
), noted AS (
    INSERT INTO news (journey_id, contact_id, role) SELECT DISTINCT journey_id, contact_id, 'heard' FROM kept
)
SELECT (SELECT count(*) FROM stretch), (SELECT coalesce(max(id), 0) FROM stretch), (SELECT count(*) FROM kept)
