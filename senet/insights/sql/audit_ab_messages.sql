-- Count the messages of A/B tests below a position. Reads: ab_message. Writes: nothing. Locks: none. Index: none.
SELECT ab_test_id, variant, sampled::int, count(*) FROM ab_message WHERE xid < %(xid)s GROUP BY 1, 2, 3
