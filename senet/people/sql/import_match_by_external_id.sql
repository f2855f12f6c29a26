-- The contact that each row of the chunk means, by its external id.
-- Reads: contact. Writes: import_row. Index: contact_external_id_once.
UPDATE import_row SET
    contact_id = contact.id,
    matches = 1,
    repeats = coalesce(contact.import_run_id = %(run_id)s, false)
FROM contact
WHERE contact.external_id = import_row.external_id
    AND (%(units)s::bigint[] IS NULL OR contact.business_unit_id = ANY(%(units)s::bigint[]))
