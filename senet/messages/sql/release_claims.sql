-- Queue again what senders held that are forgotten. A claim needs its sender's row, so no claim comes after this.
-- Reads: sender. Writes: message_queue. Locks: the rows of the queue; those that a late report is writing are skipped.
-- Index: none. The queue is read from end to end, because an index on claims would cost every message more than this costs
-- once a sender.
UPDATE message_queue SET claim = NULL, due_at = %(now)s
FROM (
    SELECT message_id FROM message_queue
    WHERE claim IS NOT NULL AND NOT EXISTS (SELECT FROM sender WHERE sender.id = message_queue.claim)
    ORDER BY message_id FOR UPDATE SKIP LOCKED
) AS orphan
WHERE message_queue.message_id = orphan.message_id
