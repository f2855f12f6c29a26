-- Look back in the log for what people did on pages, forms, events and surveys that a changed if/then tile newly asks about.
-- Reads: interaction (what PostgreSQL still keeps of it), visit. Writes: first_interaction. Locks: new rows.
-- From 0 it scans the kept days of the log: minutes at worst, never while people move. Index: interaction_xid, from later on.
INSERT INTO first_interaction (contact_id, journey_id, iteration, tile, type, link, at)
SELECT visit.contact_id, visit.journey_id, visit.iteration, visit.tile, asked.kept_as, 0, min(interaction.at)
FROM interaction
JOIN unnest(%(thing_tiles)s::int[], %(thing_types)s::text[], %(thing_columns)s::text[], %(thing_records)s::bigint[],
            %(thing_names)s::text[]) AS asked (tile, type, column_name, record, kept_as)
  ON asked.type = interaction.type AND asked.record::text = CASE asked.column_name
      WHEN 'page_id' THEN interaction.page_id::text WHEN 'form_id' THEN interaction.form_id::text
      WHEN 'event_id' THEN interaction.event_id::text ELSE interaction.detail->>asked.column_name END
JOIN visit
  ON visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = asked.tile
 AND visit.contact_id = interaction.contact_id AND visit.arrived_at <= interaction.at
WHERE interaction.xid >= %(from_xid)s AND interaction.verdict IS DISTINCT FROM 'bot'
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (journey_id, iteration, tile, contact_id, type, link)
    DO UPDATE SET at = excluded.at WHERE excluded.at < first_interaction.at
