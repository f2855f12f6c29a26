-- Count, of a test's sample, the messages sent and those of them that were opened, or clicked, in time; by version.
-- Robots do not count. Reads: ab_message, message, interaction. Writes: nothing. Locks: none.
-- Index: ab_message_test, message_pkey, interaction_xid (nothing before the test began is read).
WITH answered AS MATERIALIZED (
    SELECT DISTINCT message_id FROM interaction
    WHERE xid >= %(start_xid)s AND type = %(type)s AND journey_id = %(journey_id)s AND tile = %(tile)s
      AND message_id IS NOT NULL AND at <= %(ends_at)s AND verdict IS DISTINCT FROM 'bot'
)
SELECT sampled.variant, count(*), count(answered.message_id)
FROM ab_message AS sampled
JOIN message ON message.id = sampled.message_id AND message.sent_at IS NOT NULL
LEFT JOIN answered ON answered.message_id = sampled.message_id
WHERE sampled.ab_test_id = %(ab_test_id)s AND sampled.sampled
GROUP BY sampled.variant
