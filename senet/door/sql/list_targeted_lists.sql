-- List the subscription lists that a message's journey includes in its audience, by the version that is live or was last.
-- Reads: message, journey_version, subscription_list. Writes: nothing. Locks: none.
-- Index: message_pkey, journey_version_once.
SELECT DISTINCT list.id, list.name
FROM message
CROSS JOIN LATERAL (
    SELECT definition FROM journey_version
    WHERE journey_version.journey_id = message.journey_id ORDER BY number DESC LIMIT 1
) AS version
CROSS JOIN LATERAL jsonb_path_query(
    version.definition,
    '$.tiles[*] ? (@.kind == "audience").sources[*] ? (@.kind == "list" && @.containment == "include")'
) AS source
JOIN subscription_list AS list ON list.id = (source ->> 'id')::bigint
WHERE message.id = %(message_id)s
ORDER BY list.name, list.id
