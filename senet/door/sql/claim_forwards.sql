-- Take mails that wait to be sent on; what a worker took and never settled is taken once more after a while.
-- Reads and writes: forwarded_mail. Locks: the rows taken; those another worker takes are skipped.
-- Index: forwarded_mail_waiting.
UPDATE forwarded_mail SET claimed_at = %(now)s
WHERE id IN (
    SELECT id FROM forwarded_mail
    WHERE state = 'waiting' AND (claimed_at IS NULL OR claimed_at < %(now)s - interval '10 minutes')
    ORDER BY asked_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id, message_id, address
