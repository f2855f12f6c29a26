-- Begin to count what a provider sends on a day. Reads: nothing. Writes: pace. Locks: its own row. Index: pace_pkey.
INSERT INTO pace (key, tokens, moved_at) VALUES (%(key)s, 0, %(now)s) ON CONFLICT (key) DO NOTHING
