-- Look back in the log for what a changed if/then tile newly asks about; done once, when the change goes live.
-- Reads: interaction (what PostgreSQL still keeps of it). Writes: first_interaction. Locks: new rows.
-- From 0 it scans the kept days of the log: minutes at worst, never while people move. Index: interaction_xid, from later on.
INSERT INTO first_interaction (contact_id, journey_id, iteration, tile, type, link, at)
SELECT interaction.contact_id, %(journey_id)s, coalesce(interaction.iteration, 1), interaction.tile, each.type,
       each.link, min(interaction.at)
FROM interaction
JOIN unnest(%(tiles)s::int[], %(types)s::text[]) AS observed (tile, type)
  ON observed.tile = interaction.tile
 AND (observed.type = interaction.type OR interaction.type = 'CustomChannelResponse' AND observed.type IN (
      interaction.type || ':' || (interaction.detail->>'response'),
      interaction.type || ':' || (interaction.detail->>'response') || '=' || (interaction.detail->>'match')))
CROSS JOIN LATERAL (
    SELECT observed.type, 0
    UNION ALL
    SELECT concat_ws(':', observed.type, interaction.detail->>'version'), interaction.link %% 256
    WHERE interaction.link %% 256 > 0
) AS each (type, link)
WHERE interaction.xid >= %(from_xid)s AND interaction.journey_id = %(journey_id)s AND interaction.contact_id IS NOT NULL
  AND interaction.verdict IS DISTINCT FROM 'bot'
GROUP BY 1, 3, 4, 5, 6
ON CONFLICT (journey_id, iteration, tile, contact_id, type, link)
    DO UPDATE SET at = excluded.at WHERE excluded.at < first_interaction.at
