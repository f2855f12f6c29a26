-- Bring the memberships that the journey asks about onto the stage, of those who take part.
-- Reads: person (temporary), segment_member (live). Writes: stage_segment_member (temporary). Locks: none.
-- Index: the key of segment_member.
INSERT INTO stage_segment_member
SELECT segment_member.* FROM person JOIN segment_member USING (contact_id)
WHERE segment_id = ANY (%(segments)s::bigint[])
