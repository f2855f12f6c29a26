-- Hold a tile where lanes meet, until commit: who brings people there next waits, and then sees who has been there.
-- Locks: an advisory lock of the tile. A statement of its own: what it waits for must be seen by the next one.
SELECT pg_advisory_xact_lock(hashtextextended(format('%%s/%%s/%%s', %(journey_id)s, %(iteration)s, %(tile)s), 1))
