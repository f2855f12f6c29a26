-- Write into the log what people have done since the last tick, as far as somebody listens.
-- Reads: reaction (temporary). Writes: interaction. Locks: none. Index: reaction_due.
INSERT INTO interaction (type, at, recorded_at, contact_id, journey_id, iteration, tile, message_id, link, verdict)
SELECT type, at, at, contact_id, %(journey_id)s, iteration, tile, message_id, link, 'human'
FROM reaction
WHERE heard AND at > %(since)s AND at <= %(now)s
ORDER BY at, contact_id, tile, type
