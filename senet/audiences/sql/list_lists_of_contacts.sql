-- The public subscription lists that each of a batch of contacts is on, as one list of objects, for templates.
-- Reads: list_member, subscription_list. Writes: nothing. Locks: none. Index: list_member_contact.
SELECT wanted.id, found.rows
FROM unnest(%(ids)s::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
        'id', one.id, 'name', one.name, 'description', one.description, 'joined_at', one.joined_at
    ) ORDER BY one.id) AS rows
    FROM (
        SELECT subscription_list.id, subscription_list.name, subscription_list.description, list_member.joined_at
        FROM list_member
        JOIN subscription_list ON subscription_list.id = list_member.list_id
        WHERE list_member.contact_id = wanted.id AND subscription_list.public
        ORDER BY subscription_list.id
        LIMIT %(most)s
    ) AS one
) AS found
WHERE found.rows IS NOT NULL
