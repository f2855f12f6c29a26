-- Note whom a stretch of membership changes concerns: who may join a journey at which tile, and who must stop.
-- Who joined before the journey's audience was called in as a whole is no news. A stretch ends before somebody leaves a
-- list whom it has join the same journey, so that stops may be acted on before joins.
-- Reads: membership_change. Writes: news (temporary). Locks: none.
-- Index: membership_change_xid. Returns: rows looked at, the last id, whether it was cut short.
WITH stretch AS MATERIALIZED (
    SELECT id, xid, kind, audience_id, contact_id, change, by
    FROM membership_change
    WHERE xid >= %(from_xid)s AND xid < %(upto_xid)s AND id > %(last_id)s
    ORDER BY id
    LIMIT %(limit)s
), heard AS MATERIALIZED (
    SELECT stretch.id, watched.journey_id, stretch.contact_id, watched.role, stretch.audience_id, watched.tile
    FROM stretch
    JOIN unnest(%(journeys)s::bigint[], %(kinds)s::text[], %(audiences)s::bigint[], %(changes)s::int[], %(roles)s::text[],
                %(tiles)s::int[], %(called_xids)s::bigint[])
         AS watched (journey_id, kind, audience_id, change, role, tile, called_xid)
      ON watched.kind = stretch.kind AND watched.audience_id = stretch.audience_id AND watched.change = stretch.change
    WHERE (watched.role <> 'unsubscribed' OR stretch.by IN ('centre', 'one_click', 'form'))
      AND (watched.role <> 'join' OR stretch.xid >= watched.called_xid)
), cut AS MATERIALIZED (
    SELECT min(gone.id) AS id
    FROM heard AS gone JOIN heard AS joined
      ON joined.journey_id = gone.journey_id AND joined.contact_id = gone.contact_id AND joined.id < gone.id
    WHERE gone.role = 'unsubscribed' AND joined.role = 'join'
), noted AS (
    INSERT INTO news (journey_id, contact_id, role, audience_id, tile)
    SELECT DISTINCT journey_id, contact_id, role, audience_id, tile
    FROM heard, cut WHERE cut.id IS NULL OR heard.id < cut.id
)
SELECT (SELECT count(*) FROM stretch), coalesce(cut.id - 1, (SELECT max(id) FROM stretch), 0), cut.id IS NOT NULL FROM cut
