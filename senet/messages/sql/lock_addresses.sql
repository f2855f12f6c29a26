-- Let one transaction at a time judge the bounces of an address. Reads: message. Writes: nothing.
-- Locks: an advisory one an address, in one order. Index: message_pkey.
SELECT pg_advisory_xact_lock(hashtextextended(key, 4)) FROM (
    SELECT DISTINCT lower(address) AS key FROM message WHERE id = ANY (%(ids)s::bigint[]) ORDER BY 1
) AS address
