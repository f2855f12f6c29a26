-- Reserve the next slots of a recipient domain; returns when the first one is.
-- Reads and writes: pace. Locks: the domain's row, until the claim is committed. Index: pace_pkey.
INSERT INTO pace (key, moved_at)
VALUES (%(key)s, %(now)s::timestamptz + %(count)s / %(rate)s::double precision * interval '1 second')
ON CONFLICT (key) DO UPDATE
SET moved_at = greatest(pace.moved_at, %(now)s) + %(count)s / %(rate)s::double precision * interval '1 second'
RETURNING moved_at - %(count)s / %(rate)s::double precision * interval '1 second'
