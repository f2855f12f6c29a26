-- Find how many mails providers have sent on days that are counted. Reads: pace. Writes: nothing. Locks: none.
-- Index: pace_pkey.
SELECT key, tokens::bigint FROM pace WHERE key = ANY(%(keys)s)
