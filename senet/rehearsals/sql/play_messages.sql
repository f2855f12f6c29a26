-- Decide what becomes of the messages that are due now, and what their readers will do and when. The lots belong to the
-- person, the tile and the iteration, so that neither the order of rows nor the plan changes what comes out.
-- Reads: message, the model (arrays: one place a tile; a row a link). Writes: message, message_queue, reaction (temporary).
-- Locks: none. Index: message_queue_next, message_pkey. Everything happens at whole minutes, at the earliest one minute after now.
WITH model AS MATERIALIZED (
    SELECT * FROM unnest(
        %(tile)s::int[], %(hard_bounce_rate)s::float8[], %(soft_bounce_rate)s::float8[], %(block_bounce_rate)s::float8[],
        %(open_rate)s::float8[], %(click_rate)s::float8[], %(unsubscribe_rate)s::float8[],
        %(open_median)s::float8[], %(open_spread)s::float8[], %(click_median)s::float8[], %(click_spread)s::float8[])
        AS model (tile, hard, soft, block, open, click, unsubscribe, open_median, open_spread, click_median, click_spread)
), link AS MATERIALIZED (
    SELECT * FROM unnest(%(link_tile)s::int[], %(link)s::int[], %(link_low)s::float8[], %(link_high)s::float8[])
        AS link (tile, number, low, high)
), heard AS MATERIALIZED (
    SELECT * FROM unnest(%(heard_tile)s::int[], %(heard_type)s::text[]) AS heard (tile, type)
), due AS MATERIALIZED (
    SELECT message.id, message.contact_id, message.iteration, model.*,
           %(seed)s::bigint * 100003 + message.iteration * 30011 + message.tile AS place
    FROM message_queue JOIN message ON message.id = message_queue.message_id JOIN model ON model.tile = message.tile
    WHERE message_queue.due_at <= %(now)s
), fate AS MATERIALIZED (
    SELECT due.*,
           CASE WHEN bounce < hard THEN 'hard_bounced'
                WHEN bounce < hard + soft THEN 'soft_bounced'
                WHEN bounce < hard + soft + block THEN 'block_bounced'
                ELSE 'delivered' END AS state,
           opens < open AS opened,
           clicks < CASE WHEN opens < open THEN least(1, click / open) ELSE greatest(0, click - open) / (1 - open) END
               AS clicked,
           unsubscribes < unsubscribe AS unsubscribed
    FROM due CROSS JOIN LATERAL (
        SELECT rehearsal.lot(due.contact_id, due.place, 1) AS bounce,
               rehearsal.lot(due.contact_id, due.place, 2) AS opens,
               rehearsal.lot(due.contact_id, due.place, 3) AS clicks,
               rehearsal.lot(due.contact_id, due.place, 4) AS unsubscribes
        OFFSET 0) AS drawn
), reader AS MATERIALIZED (  -- a lognormal delay: the median, times e to the power of the spread times a normal lot
    SELECT fate.*,
           greatest(1, floor(60 * least(9000, open_median * exp(open_spread * sqrt(-2 * ln(rehearsal.lot(contact_id, place, 5)))
               * cos(2 * pi() * rehearsal.lot(contact_id, place, 6)))))) AS open_minutes,
           greatest(1, floor(60 * least(9000, click_median * exp(click_spread * sqrt(-2 * ln(rehearsal.lot(contact_id, place, 7)))
               * cos(2 * pi() * rehearsal.lot(contact_id, place, 8)))))) AS click_minutes
    FROM fate
    WHERE state = 'delivered' AND (opened OR clicked OR unsubscribed)
), happening AS (
    SELECT 'EmailOpened' AS type, contact_id, iteration, tile, id, NULL::smallint AS link,
           CASE WHEN clicked THEN least(open_minutes, greatest(1, click_minutes - 1)) ELSE open_minutes END AS minutes
    FROM reader WHERE opened
    UNION ALL
    SELECT 'EmailClicked', contact_id, iteration, reader.tile, id, link.number::smallint, click_minutes
    FROM reader LEFT JOIN link ON link.tile = reader.tile
         AND rehearsal.lot(contact_id, place, 9) >= link.low AND rehearsal.lot(contact_id, place, 9) < link.high
    WHERE clicked
    UNION ALL
    SELECT 'SegmentUnsubscribed', contact_id, iteration, tile, id, NULL, open_minutes FROM reader WHERE unsubscribed
    UNION ALL
    SELECT heard.type, contact_id, iteration, fate.tile, id, NULL, 1
    FROM fate JOIN heard ON heard.tile = fate.tile AND heard.type =
         CASE state WHEN 'delivered' THEN 'EmailDelivered' WHEN 'hard_bounced' THEN 'EmailHardBounced'
                    WHEN 'soft_bounced' THEN 'EmailSoftBounced' ELSE 'EmailBlockBounced' END
), noted AS (
    INSERT INTO reaction (at, type, contact_id, iteration, tile, message_id, link, heard)
    SELECT %(now)s + minutes * interval '1 minute', type, contact_id, iteration, tile, id, link,
           type = 'SegmentUnsubscribed' OR EXISTS (
               SELECT FROM heard WHERE heard.tile = happening.tile AND heard.type = happening.type)
    FROM happening
    WHERE %(now)s + minutes * interval '1 minute' <= %(until)s
    ORDER BY id, minutes, type
), unqueued AS (
    DELETE FROM message_queue USING fate WHERE message_queue.message_id = fate.id
)
UPDATE message
SET state = fate.state, attempt = attempt + 1, sent_at = %(now)s,
    delivered_at = CASE WHEN fate.state = 'delivered' THEN %(now)s END,
    bounced_at = CASE WHEN fate.state <> 'delivered' THEN %(now)s END
FROM fate WHERE message.id = fate.id
