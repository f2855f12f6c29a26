-- Count a segment's members. Reads: segment_member. Index: primary key.
SELECT count(*) FROM segment_member WHERE segment_id = %(segment_id)s
