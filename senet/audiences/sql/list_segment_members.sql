-- Show a page of a segment's members, as far as the viewer may see them.
-- Reads: segment_member, contact. Index: primary keys.
SELECT contact.id, contact.first_name, contact.last_name, contact.email, contact.country, contact.active,
    segment_member.joined_at, 'rule' AS source
FROM segment_member
JOIN contact ON contact.id = segment_member.contact_id
WHERE segment_member.segment_id = %(audience_id)s AND segment_member.contact_id > %(after)s
    AND (%(unit_ids)s::bigint[] IS NULL OR contact.business_unit_id = ANY(%(unit_ids)s::bigint[]))
    AND (%(search)s = '' OR starts_with(lower(contact.email), lower(%(search)s))
        OR starts_with(lower(contact.last_name), lower(%(search)s)))
ORDER BY segment_member.contact_id
LIMIT %(limit)s
