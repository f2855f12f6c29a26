-- The contact that each row of the chunk means, by its address without regard to case.
-- Reads: contact. Writes: import_row. Index: contact_email_key.
UPDATE import_row SET
    contact_id = found.id,
    matches = found.matches,
    repeats = coalesce(found.repeats, false)
FROM import_row AS row
CROSS JOIN LATERAL (
    SELECT min(contact.id) AS id, count(*) AS matches, bool_or(contact.import_run_id = %(run_id)s) AS repeats
    FROM contact
    WHERE lower(contact.email) = lower(row.email)
        AND (%(units)s::bigint[] IS NULL OR contact.business_unit_id = ANY(%(units)s::bigint[]))
) AS found
WHERE import_row.ctid = row.ctid AND found.matches > 0
