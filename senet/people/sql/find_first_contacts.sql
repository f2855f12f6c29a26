-- Name the contact of each company that was there first.
-- Reads: contact. Writes: nothing. Locks: none. Index: contact_company, asked once a company.
SELECT company_id, (SELECT min(contact.id) FROM contact WHERE contact.company_id = asked.company_id)
FROM (SELECT DISTINCT unnest(%(ids)s::bigint[]) AS company_id) AS asked
