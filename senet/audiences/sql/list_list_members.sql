-- Show a page of a subscription list's members, as far as the viewer may see them.
-- Reads: list_member, contact. Index: primary keys.
SELECT contact.id, contact.first_name, contact.last_name, contact.email, contact.country, contact.active,
    list_member.joined_at, list_member.source
FROM list_member
JOIN contact ON contact.id = list_member.contact_id
WHERE list_member.list_id = %(audience_id)s AND list_member.contact_id > %(after)s
    AND (%(unit_ids)s::bigint[] IS NULL OR contact.business_unit_id = ANY(%(unit_ids)s::bigint[]))
    AND (%(search)s = '' OR starts_with(lower(contact.email), lower(%(search)s))
        OR starts_with(lower(contact.last_name), lower(%(search)s)))
ORDER BY list_member.contact_id
LIMIT %(limit)s
