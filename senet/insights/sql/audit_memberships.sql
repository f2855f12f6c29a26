-- Count joins and leaves below a position. Reads: membership_change. Writes: nothing. Locks: none. Index: none.
SELECT kind, audience_id, change, count(*) FROM membership_change WHERE xid < %(xid)s GROUP BY 1, 2, 3
