-- Pick people by their numbers; of one company, if given. Reads: contact. Writes: nothing. Index: the key of contact.
SELECT picked.contact_id
FROM unnest(%(contact_ids)s::bigint[]) AS picked (contact_id)
WHERE %(company_id)s::bigint IS NULL OR EXISTS (
    SELECT FROM contact WHERE contact.id = picked.contact_id AND contact.company_id = %(company_id)s)
