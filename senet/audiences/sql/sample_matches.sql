-- Pick some of those whom a definition would select, mixed by a hash, always the same ones.
-- Reads: contact, company, segment_member, list_member. The compiler fills in the join and the condition.
SELECT contact.id FROM contact /* join */
WHERE (%(unit_ids)s::bigint[] IS NULL OR contact.business_unit_id = ANY(%(unit_ids)s::bigint[])) AND /* condition */
ORDER BY hashint8(contact.id), contact.id
LIMIT %(limit)s
