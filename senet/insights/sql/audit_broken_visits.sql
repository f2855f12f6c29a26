-- Count visits, and those whose end and outcome contradict each other.
-- Reads: visit. Writes: nothing. Locks: none. Index: none, the whole ledger is looked at.
SELECT count(*), count(*) FILTER (
    WHERE (left_at IS NULL) <> (outcome IS NULL) OR (left_at IS NULL) <> (left_xid IS NULL)
        OR outcome NOT IN ('processed', 'stopped', 'expired', 'failed')
)
FROM visit
