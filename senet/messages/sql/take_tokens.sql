-- Take as many of a provider's tokens as there are, up to a limit; they refill at its rate, up to a second's worth.
-- Reads and writes: pace. Locks: the provider's row, until the claim is committed. Index: pace_pkey.
WITH before AS (
    INSERT INTO pace (key, tokens, moved_at) VALUES (%(key)s, greatest(1, %(rate)s), %(now)s)
    ON CONFLICT (key) DO UPDATE
    SET tokens = least(greatest(1, %(rate)s),
                       pace.tokens + %(rate)s * greatest(0, extract(epoch FROM excluded.moved_at - pace.moved_at))),
        moved_at = greatest(pace.moved_at, excluded.moved_at)
    RETURNING tokens
)
SELECT least(floor(tokens), %(limit)s)::int FROM before
