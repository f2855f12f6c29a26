-- Count the audience in blocks of 1,024 contact ids, so that enrolment can be cut into stretches of even size.
-- Reads: segment_member, list_member. Writes: nothing. Locks: none.
-- Index: the keys of segment_member and list_member.
SELECT block, sum(people)::bigint FROM (
    SELECT contact_id >> 10 AS block, count(*) AS people FROM segment_member
    WHERE segment_id = ANY (%(included_segments)s::bigint[]) GROUP BY 1
    UNION ALL
    SELECT contact_id >> 10, count(*) FROM list_member
    WHERE list_id = ANY (%(included_lists)s::bigint[]) GROUP BY 1
) AS blocks
GROUP BY block ORDER BY block
