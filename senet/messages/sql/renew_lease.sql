-- Keep what a sender holds for longer. Touches no row when others have taken the sender for dead.
-- Reads: nothing. Writes: sender. Locks: one row. Index: sender_pkey.
UPDATE sender SET alive_until = %(alive_until)s WHERE id = %(sender)s AND alive_until >= %(now)s
