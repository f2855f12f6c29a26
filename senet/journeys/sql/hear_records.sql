-- Note whom a stretch of record changes concerns: who enters a journey by a record that changed since it went live, and
-- whose consent or business unit is to be looked at again. Then take away what was read before.
-- Reads: record_change. Writes: entry, interaction, news (temporary), record_change. Locks: new rows; rows read before.
-- Index: record_change_xid, the key of entry. Returns: rows looked at, the last id, entries.
WITH stretch AS MATERIALIZED (
    SELECT id, xid, entity, event, column_name, contact_id, at
    FROM record_change
    WHERE xid >= %(from_xid)s AND xid < %(upto_xid)s AND id > %(last_id)s
    ORDER BY id
    LIMIT %(limit)s
), heard AS MATERIALIZED (
    SELECT watched.journey_id, watched.iteration, watched.tile, stretch.contact_id, max(stretch.at) AS at
    FROM stretch
    JOIN unnest(%(journeys)s::bigint[], %(iterations)s::int[], %(tiles)s::int[], %(entities)s::text[],
                %(events)s::text[], %(columns)s::text[], %(live_xids)s::bigint[])
         AS watched (journey_id, iteration, tile, entity, event, column_name, live_xid)
      ON watched.entity = stretch.entity AND watched.event = stretch.event
     AND watched.column_name = stretch.column_name AND (watched.tile = 0 OR stretch.xid >= watched.live_xid)
    GROUP BY 1, 2, 3, 4
), entered AS (
    INSERT INTO entry (journey_id, iteration, tile, contact_id)
    SELECT journey_id, iteration, tile, contact_id FROM heard WHERE tile <> 0
    ORDER BY journey_id, iteration, tile, contact_id
    ON CONFLICT DO NOTHING
    RETURNING journey_id, iteration, tile, contact_id
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, journey_id, iteration, tile)
    SELECT 'CustomerJourneyContactRecordUpdated', heard.at, %(now)s, contact_id, journey_id, iteration, tile
    FROM entered JOIN heard USING (journey_id, iteration, tile, contact_id)
), noted AS (
    INSERT INTO news (journey_id, contact_id, role) SELECT journey_id, contact_id, 'judge' FROM heard WHERE tile = 0
), gone AS (
    DELETE FROM record_change WHERE xid < %(from_xid)s
)
SELECT (SELECT count(*) FROM stretch), (SELECT coalesce(max(id), 0) FROM stretch), (SELECT count(*) FROM entered)
