-- Forget senders whose lease is over, and those that are known to be dead.
-- Reads and writes: sender. Locks: the rows that go; one that is claiming at this moment is skipped. Index: sender_pkey.
DELETE FROM sender WHERE id IN (
    SELECT id FROM sender WHERE alive_until < %(now)s OR id = ANY (%(dead)s::bigint[]) ORDER BY id FOR UPDATE SKIP LOCKED
)
