-- Count the contacts below a position. Reads: contact. Writes: nothing. Locks: none. Index: none.
SELECT count(*) FROM contact WHERE changed_xid < %(xid)s
