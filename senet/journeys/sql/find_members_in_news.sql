-- Find those whose membership or consent changed and who belong to an entrance's audience now.
-- Reads: news (temporary), segment_member, list_member. Writes: leaving (temporary). Locks: none.
-- Index: the keys of segment_member and list_member, asked once a person.
INSERT INTO leaving (tile, contact_id)
SELECT %(tile)s, contact_id
FROM (SELECT DISTINCT contact_id FROM news
      WHERE journey_id = %(journey_id)s AND (role = 'join' AND tile = %(tile)s OR role = 'judge')) AS candidate
WHERE (SELECT count(*) FROM segment_member
       WHERE segment_id = ANY (%(included_segments)s::bigint[]) AND contact_id = candidate.contact_id)
    + (SELECT count(*) FROM list_member
       WHERE list_id = ANY (%(included_lists)s::bigint[]) AND contact_id = candidate.contact_id) >= %(needed)s
