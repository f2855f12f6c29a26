-- Find the next moment at which something happens to those who stand somewhere: a wait is over, somebody reacts, or a
-- message is due. No row when nobody stands anywhere: what people do then concerns nobody.
-- Reads: visit, reaction (temporary), message_queue. Writes: nothing. Locks: none.
-- Index: visit_due (twice a waiting tile), reaction_due, message_queue_next.
SELECT least(
    min(coming.due_at),
    (SELECT at FROM reaction WHERE heard AND at > %(now)s ORDER BY at LIMIT 1),
    (SELECT min(first.due_at) FROM (VALUES (true), (false)) AS kind (urgent) CROSS JOIN LATERAL (
        SELECT due_at FROM message_queue
        WHERE message_queue.urgent = kind.urgent AND message_queue.due_at > %(now)s ORDER BY due_at LIMIT 1) AS first))
FROM unnest(%(tiles)s::int[]) AS waiting (tile)
CROSS JOIN LATERAL (
    SELECT FROM visit
    WHERE journey_id = %(journey_id)s AND visit.tile = waiting.tile AND left_at IS NULL AND due_at IS NOT NULL
    LIMIT 1) AS somebody
LEFT JOIN LATERAL (
    SELECT due_at FROM visit
    WHERE journey_id = %(journey_id)s AND visit.tile = waiting.tile AND left_at IS NULL AND due_at > %(now)s
    ORDER BY due_at LIMIT 1) AS coming ON true
HAVING count(*) > 0
