-- Spend tokens that were taken under the row's lock. Reads and writes: pace. Locks: the provider's row. Index: pace_pkey.
UPDATE pace SET tokens = greatest(0, tokens - %(count)s) WHERE key = %(key)s
