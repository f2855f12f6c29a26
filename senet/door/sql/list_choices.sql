-- List the public subscription lists and whether a contact is on each.
-- Reads: subscription_list, list_member. Writes: nothing. Locks: none. Index: list_member_pkey.
SELECT list.id, list.name, list.description, member.contact_id IS NOT NULL
FROM subscription_list AS list
LEFT JOIN list_member AS member ON member.list_id = list.id AND member.contact_id = %(contact_id)s
WHERE list.public
ORDER BY list.name, list.id
