-- Keep what a journey asks of people, as it is from now on. Reads: nothing. Writes: message_terms. Locks: its own row.
-- Index: message_terms_pkey.
INSERT INTO message_terms (journey_id, minimum_consent, list_ids, time_zone, suppression_segment_id)
VALUES (%(journey_id)s, %(minimum_consent)s, %(list_ids)s::bigint[], %(time_zone)s,
        %(suppression_segment_id)s)
ON CONFLICT (journey_id) DO UPDATE
SET minimum_consent = excluded.minimum_consent, list_ids = excluded.list_ids, time_zone = excluded.time_zone,
    suppression_segment_id = excluded.suppression_segment_id
