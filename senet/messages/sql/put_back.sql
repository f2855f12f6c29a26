-- Queue claimed messages again for later: they were not taken up after all.
-- Reads: nothing. Writes: message_queue, message. Locks: those rows, in the order of the arrays (by message).
-- Index: message_queue_pkey, message_pkey.
WITH slot AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::bigint[], %(dues)s::timestamptz[], %(reasons)s::text[]) AS slot (message_id, due_at, reason)
), put_off AS (
    UPDATE message_queue SET claim = NULL, claimed_at = NULL, due_at = slot.due_at
    FROM slot WHERE message_queue.message_id = slot.message_id AND message_queue.claim = %(sender)s
    RETURNING message_queue.message_id, slot.reason
)
UPDATE message SET reason = put_off.reason FROM put_off WHERE message.id = put_off.message_id
