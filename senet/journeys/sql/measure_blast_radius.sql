-- Say what would become of each member of an entrance's audience if the journey went live now, and count it.
-- Verdicts: 0 has entered before, 1 consent too low, 2 suppressed, 3 another business unit; they do not go on. The
-- others enter: 4 deactivated, 5 allow no such mail, 6 no address that mail can go to, 7 can get mail, 8 suppressed after a
-- complaint or by a colleague, 9 suppressed after bounces, 10 has had as many mails as a frequency cap allows (caps: of a
-- business unit, 0 of all that have none of their own; since when; how many).
-- Reads: segment_member, list_member, contact, visit, suppression, message. Writes: nothing. Locks: none.
-- Index: the keys of all of them. Cost: one pass over the audience. Returns: verdict, people, addresses.
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
                WHEN 'complaint' IN (own.cause, whole.cause, part.cause) THEN 8
                WHEN concat(own.cause, whole.cause, part.cause) LIKE '%%bounce%%' THEN 9
                WHEN coalesce(own.cause, whole.cause, part.cause) IS NOT NULL THEN 8
                WHEN %(capped)s AND EXISTS (
                    SELECT FROM unnest(%(cap_units)s::bigint[], %(cap_sinces)s::timestamptz[], %(cap_mosts)s::int[])
                        AS cap (unit, since, most)
                    WHERE cap.unit = CASE WHEN contact.business_unit_id = ANY (%(own_units)s::bigint[])
                                          THEN contact.business_unit_id ELSE 0 END
                        AND (SELECT count(*) FROM message
                             WHERE message.contact_id = contact.id AND message.queued_at > cap.since - interval '60 days'
                                 AND message.commercial AND message.state IN ('sent', 'delivered')
                                 AND message.sent_at > cap.since) >= cap.most) THEN 10
                ELSE 7 END AS verdict
    FROM member
        JOIN contact ON contact.id = member.contact_id
        LEFT JOIN visit AS inside
            ON inside.journey_id = %(journey_id)s AND inside.iteration = %(iteration)s AND inside.tile = %(tile)s
           AND inside.contact_id = member.contact_id
        LEFT JOIN segment_member AS suppressed
            ON suppressed.segment_id = %(suppression_segment_id)s::bigint AND suppressed.contact_id = member.contact_id
        LEFT JOIN suppression AS own  -- the address, its domain, its local part
            ON own.key = lower(contact.email)
           AND own.released_at IS NULL AND (own.until IS NULL OR own.until > %(now)s)
        LEFT JOIN suppression AS whole
            ON whole.key = '@' || split_part(lower(contact.email), '@', 2)
           AND whole.released_at IS NULL AND (whole.until IS NULL OR whole.until > %(now)s)
        LEFT JOIN suppression AS part
            ON part.key = split_part(lower(contact.email), '@', 1) || '@'
           AND part.released_at IS NULL AND (part.until IS NULL OR part.until > %(now)s)
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
