-- Pick people by their numbers. Reads: nothing.
SELECT unnest(%(contact_ids)s::bigint[])
