-- Give back the lock of a segment's evaluation.
SELECT pg_advisory_unlock(hashtextextended('senet.segment', %(segment_id)s))
