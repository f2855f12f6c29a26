-- The leads that templates may loop over, of a batch of contacts: the first ones of each, as one list of objects.
-- Reads: lead. Writes: nothing. Locks: none. Index: lead_contact.
SELECT wanted.id, found.rows
FROM unnest(%(ids)s::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
        'id', one.id, 'topic', one.topic, 'first_name', one.first_name, 'last_name', one.last_name,
        'email', one.email, 'phone', one.phone, 'company_name', one.company_name, 'status', one.status,
        'created_at', one.created_at
    ) ORDER BY one.id) AS rows
    FROM (
        SELECT * FROM lead
        WHERE lead.contact_id = wanted.id AND NOT lead.for_company
        ORDER BY lead.id
        LIMIT %(most)s
    ) AS one
) AS found
WHERE found.rows IS NOT NULL
