-- The active people that templates may loop over, of a batch of companies: the first ones of each, as one list of objects.
-- Reads: contact. Writes: nothing. Locks: none. Index: contact_company.
SELECT wanted.id, found.rows
FROM unnest(%(ids)s::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
        'id', one.id, 'first_name', one.first_name, 'last_name', one.last_name,
        'name', trim(one.first_name || ' ' || one.last_name), 'email', one.email, 'city', one.city,
        'country', one.country
    ) ORDER BY one.id) AS rows
    FROM (
        SELECT * FROM contact
        WHERE contact.company_id = wanted.id AND contact.active
        ORDER BY contact.id
        LIMIT %(most)s
    ) AS one
) AS found
WHERE found.rows IS NOT NULL
