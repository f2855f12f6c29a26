-- Queue again what senders held that are forgotten. A claim needs its sender's row, so no claim comes after this.
-- Reads: sender. Writes: message. Locks: the messages; rows that a late report is writing are skipped.
-- Index: message_claims.
UPDATE message SET state = 'queued', claim = NULL, due_at = %(now)s
FROM (
    SELECT id FROM message
    WHERE state = 'sending' AND NOT EXISTS (SELECT FROM sender WHERE sender.id = message.claim)
    ORDER BY id FOR UPDATE SKIP LOCKED
) AS orphan
WHERE message.id = orphan.id
