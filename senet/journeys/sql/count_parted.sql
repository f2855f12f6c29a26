-- Count who has left a tile by which way in this transaction.
-- Reads: parted (temporary).
SELECT branch, count(*) FROM parted WHERE tile = %(tile)s GROUP BY branch ORDER BY branch
