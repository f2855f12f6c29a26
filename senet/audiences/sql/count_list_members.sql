-- Count the members of some lists. Reads: list_member. Index: primary key.
SELECT list_id, count(*) FROM list_member WHERE list_id = ANY(%(list_ids)s::bigint[]) GROUP BY list_id
