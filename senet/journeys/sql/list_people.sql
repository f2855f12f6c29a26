-- Say who a few contacts are, as far as they belong to certain business units (NULL: to any).
-- Reads: contact. Index: its key.
SELECT id, trim(first_name || ' ' || last_name), email
FROM contact
WHERE id = ANY (%(ids)s::bigint[]) AND (%(units)s::bigint[] IS NULL OR business_unit_id = ANY (%(units)s::bigint[]))
ORDER BY id
