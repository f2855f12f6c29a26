-- Queue claimed messages again for the slots that their recipients' domains have free.
-- Reads: nothing. Writes: message_queue, message. Locks: those rows. Index: message_queue_pkey, message_pkey.
WITH slot AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::bigint[], %(dues)s::timestamptz[]) AS slot (message_id, due_at)
), put_off AS (
    UPDATE message_queue SET claim = NULL, due_at = slot.due_at
    FROM slot WHERE message_queue.message_id = slot.message_id AND message_queue.claim = %(sender)s
    RETURNING message_queue.message_id
)
UPDATE message SET reason = 'domain_rate' FROM put_off WHERE message.id = put_off.message_id
