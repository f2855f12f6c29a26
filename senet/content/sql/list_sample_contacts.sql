-- Some contacts, spread over the whole table, whom a sample render is tried on; those of a segment when one is given.
-- Reads: contact, segment_member. Writes: nothing. Locks: none. Index: segment_member_pkey, contact_pkey; without a
-- segment, one pass over the contacts of the business units.
SELECT contact.id, trim(contact.first_name || ' ' || contact.last_name), contact.email, contact.active,
       contact.do_not_email, contact.do_not_bulk_email, contact.tracking_allowed
FROM contact
WHERE (%(units)s::bigint[] IS NULL OR contact.business_unit_id = ANY(%(units)s::bigint[]))
  AND (%(segment_id)s::bigint IS NULL OR EXISTS (
      SELECT FROM segment_member
      WHERE segment_member.segment_id = %(segment_id)s AND segment_member.contact_id = contact.id))
ORDER BY hashint8extended(contact.id, %(seed)s)
LIMIT %(most)s
