-- Count messages by email whose delivery is not written down yet. Reads: message. Writes: nothing. Locks: none.
-- Index: none.
SELECT email_id, count(*) FROM message WHERE state IN ('queued', 'sent') GROUP BY 1
