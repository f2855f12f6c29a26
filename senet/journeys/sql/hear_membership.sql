-- Note whom a stretch of membership changes concerns: who may join a journey at which tile, and who must stop.
-- Reads: membership_change. Writes: news (temporary). Locks: none.
-- Index: membership_change_xid. Returns: rows looked at, the last id.
WITH stretch AS MATERIALIZED (
    SELECT id, kind, audience_id, contact_id, change, by
    FROM membership_change
    WHERE xid >= %(from_xid)s AND xid < %(upto_xid)s AND id > %(last_id)s
    ORDER BY id
    LIMIT %(limit)s
), noted AS (
    INSERT INTO news (journey_id, contact_id, role, audience_id, tile)
    SELECT DISTINCT watched.journey_id, stretch.contact_id, watched.role, stretch.audience_id, watched.tile
    FROM stretch
    JOIN unnest(%(journeys)s::bigint[], %(kinds)s::text[], %(audiences)s::bigint[], %(changes)s::int[], %(roles)s::text[],
                %(tiles)s::int[])
         AS watched (journey_id, kind, audience_id, change, role, tile)
      ON watched.kind = stretch.kind AND watched.audience_id = stretch.audience_id AND watched.change = stretch.change
    WHERE watched.role <> 'unsubscribed' OR stretch.by IN ('centre', 'one_click', 'form')
)
SELECT (SELECT count(*) FROM stretch), (SELECT coalesce(max(id), 0) FROM stretch)
