-- Take of what a provider may send on a day, up to a limit and a cap. Returns how many there were.
-- Reads and writes: pace. Locks: the day's row, until the transaction ends. Index: pace_pkey.
UPDATE pace SET tokens = greatest(pace.tokens, least(%(cap)s, pace.tokens + %(limit)s)), moved_at = %(now)s
FROM (SELECT key, tokens FROM pace WHERE key = %(key)s FOR UPDATE) AS before
WHERE pace.key = before.key
RETURNING (pace.tokens - before.tokens)::int
