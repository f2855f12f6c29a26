-- Count what a change of an entrance's sources means: who newly joins, who no longer does, who stays, and who is inside
-- already and goes on to the end although they belong to the audience no more.
-- Reads: segment_member, list_member, contact, visit. Writes: nothing. Locks: none.
-- Index: the keys of all four. Cost: one pass over both audiences and over those who entered.
WITH source AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(ids)s::bigint[], %(olds)s::int[], %(news)s::int[])
        AS source (kind, id, old, new)  -- 1: includes, -1: excludes, 0: neither
), member AS (
    SELECT contact_id,
           count(*) FILTER (WHERE old = 1) >= %(old_needed)s AND count(*) FILTER (WHERE old = -1) = 0 AS was,
           count(*) FILTER (WHERE new = 1) >= %(new_needed)s AND count(*) FILTER (WHERE new = -1) = 0 AS is_now
    FROM (
        SELECT contact_id, old, new FROM source JOIN segment_member ON segment_id = id WHERE kind = 'segment'
        UNION ALL
        SELECT contact_id, old, new FROM source JOIN list_member ON list_id = id WHERE kind = 'list'
    ) AS membership
    GROUP BY contact_id
), inside AS (
    SELECT contact_id FROM visit
    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s
), compared AS (
    SELECT coalesce(member.was, false) AS was, coalesce(member.is_now, false) AS is_now,
           inside.contact_id IS NOT NULL AS entered,
           contact.consent_level >= %(minimum_consent)s AS consents
    FROM member
        FULL JOIN inside USING (contact_id)
        JOIN contact ON contact.id = coalesce(member.contact_id, inside.contact_id)
)
SELECT count(*) FILTER (WHERE is_now AND NOT was AND NOT entered AND consents),
       count(*) FILTER (WHERE was AND NOT is_now AND NOT entered),
       count(*) FILTER (WHERE is_now AND (was OR entered)),
       count(*) FILTER (WHERE entered AND NOT is_now)
FROM compared
