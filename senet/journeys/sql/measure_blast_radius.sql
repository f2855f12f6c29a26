-- Say what would become of each member of an entrance's audience if the journey went live now, and count it.
-- Verdicts: 0 has entered before, 1 consent too low, 2 suppressed, 3 another business unit; they do not go on. The
-- others enter: 4 deactivated, 5 allow no such mail, 6 no address that mail can go to, 7 can get mail.
-- Reads: segment_member, list_member, contact, visit. Writes: nothing. Locks: none.
-- Index: the keys of all four. Cost: one pass over the audience. Returns: verdict, people, addresses.
WITH chosen AS (  -- segments and lists apart: the planner knows how many there are in each, but not in both together
    SELECT contact_id, count(*) AS sources FROM segment_member
    WHERE segment_id = ANY (%(included_segments)s::bigint[]) GROUP BY contact_id
), listed AS (
    SELECT contact_id, count(*) AS sources FROM list_member
    WHERE list_id = ANY (%(included_lists)s::bigint[]) GROUP BY contact_id
), member AS (  -- of a single source, or of several; one of the two falls away when the statement is planned
    SELECT contact_id FROM segment_member
    WHERE %(single)s AND segment_id = ANY (%(included_segments)s::bigint[])
    UNION ALL
    SELECT contact_id FROM list_member
    WHERE %(single)s AND list_id = ANY (%(included_lists)s::bigint[])
    UNION ALL
    SELECT coalesce(chosen.contact_id, listed.contact_id)
    FROM chosen FULL JOIN listed ON listed.contact_id = chosen.contact_id
    WHERE NOT %(single)s AND coalesce(chosen.sources, 0) + coalesce(listed.sources, 0) >= %(needed)s
), judged AS (
    SELECT contact.email,
           CASE WHEN inside.contact_id IS NOT NULL THEN 0
                WHEN contact.consent_level < %(minimum_consent)s THEN 1
                WHEN suppressed.contact_id IS NOT NULL THEN 2
                WHEN contact.business_unit_id <> %(business_unit_id)s::bigint THEN 3
                WHEN NOT %(has_mail)s THEN 7
                WHEN NOT contact.active THEN 4
                WHEN contact.do_not_email OR (%(commercial)s AND contact.do_not_bulk_email) THEN 5
                WHEN contact.email !~ %(address_pattern)s OR length(contact.email) > 254 THEN 6
                ELSE 7 END AS verdict
    FROM member
        JOIN contact ON contact.id = member.contact_id
        LEFT JOIN visit AS inside
            ON inside.journey_id = %(journey_id)s AND inside.iteration = %(iteration)s AND inside.tile = %(tile)s
           AND inside.contact_id = member.contact_id
        LEFT JOIN segment_member AS suppressed
            ON suppressed.segment_id = %(suppression_segment_id)s::bigint AND suppressed.contact_id = member.contact_id
    WHERE NOT EXISTS (
        SELECT FROM segment_member AS excluded
        WHERE excluded.segment_id = ANY (%(excluded_segments)s::bigint[]) AND excluded.contact_id = member.contact_id)
), counted AS (  -- addresses by a hash of 64 bits: two of a million share one in one case of thirty million
    SELECT verdict, CASE WHEN verdict = 7 AND %(has_mail)s THEN hashtextextended(lower(email), 0) END AS address,
           count(*) AS people
    FROM judged
    GROUP BY 1, 2
)
SELECT verdict, sum(people)::bigint, count(address) FROM counted GROUP BY verdict
