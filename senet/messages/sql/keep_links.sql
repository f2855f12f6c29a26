-- Keep the targets of links that single messages have. Reads: nothing. Writes: message_link. Locks: its own rows.
-- Index: message_link_pkey.
INSERT INTO message_link (message_id, number, url)
SELECT * FROM unnest(%(ids)s::bigint[], %(numbers)s::smallint[], %(urls)s::text[])
ON CONFLICT (message_id, number) DO UPDATE SET url = excluded.url
