-- Count what the log holds of messages at and above a position, by journey, tile and type.
-- Reads: interaction. Writes: nothing. Locks: none. Index: interaction_xid.
SELECT coalesce(journey_id, 0), coalesce(tile, 0), type, count(*)
FROM interaction
WHERE xid >= %(xid)s AND message_id IS NOT NULL AND type = ANY (%(types)s::text[])
GROUP BY 1, 2, 3
