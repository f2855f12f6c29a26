-- Count whom a journey's audience would bring in now, and pick a few of them.
-- Reads: segment_member, list_member, contact, visit. Writes: nothing. Locks: none.
-- Index: the keys of all four. Cost: one pass over the audience.
WITH member AS (
    SELECT contact_id FROM (
        SELECT contact_id FROM segment_member WHERE segment_id = ANY (%(segments)s::bigint[])
        UNION ALL
        SELECT contact_id FROM list_member WHERE list_id = ANY (%(included_lists)s::bigint[])
    ) AS source
    GROUP BY contact_id
    HAVING count(*) >= %(needed)s
), judged AS (
    SELECT member.contact_id,
           contact.consent_level < %(minimum_consent)s AS below,
           EXISTS (SELECT FROM visit
                   WHERE journey_id = %(journey_id)s AND iteration = 1 AND tile = %(tile)s
                     AND visit.contact_id = member.contact_id) AS inside,
           %(suppression_segment_id)s IS NOT NULL AND EXISTS (
               SELECT FROM segment_member AS suppressed
               WHERE suppressed.segment_id = %(suppression_segment_id)s
                 AND suppressed.contact_id = member.contact_id) AS suppressed
    FROM member JOIN contact ON contact.id = member.contact_id
    WHERE NOT EXISTS (SELECT FROM segment_member AS excluded
                      WHERE excluded.segment_id = ANY (%(excluded_segments)s::bigint[])
                        AND excluded.contact_id = member.contact_id)
)
SELECT count(*) FILTER (WHERE NOT below AND NOT inside AND NOT suppressed),
       count(*) FILTER (WHERE suppressed AND NOT below AND NOT inside),
       count(*) FILTER (WHERE below AND NOT inside),
       count(*) FILTER (WHERE inside),
       (SELECT array_agg(contact_id) FROM (
           SELECT contact_id FROM judged WHERE NOT below AND NOT inside AND NOT suppressed LIMIT %(sample)s) AS few)
FROM judged
