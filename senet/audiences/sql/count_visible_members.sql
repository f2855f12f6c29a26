-- Count the members of a segment or list whom the viewer may see.
-- Reads: segment_member or list_member, contact. Index: primary keys.
SELECT count(*)
FROM (
    SELECT contact_id FROM segment_member WHERE %(kind)s = 'segment' AND segment_id = %(audience_id)s
    UNION ALL
    SELECT contact_id FROM list_member WHERE %(kind)s = 'list' AND list_id = %(audience_id)s
) AS member
JOIN contact ON contact.id = member.contact_id
WHERE (%(unit_ids)s::bigint[] IS NULL OR contact.business_unit_id = ANY(%(unit_ids)s::bigint[]))
    AND (%(search)s = '' OR starts_with(lower(contact.email), lower(%(search)s))
        OR starts_with(lower(contact.last_name), lower(%(search)s)))
