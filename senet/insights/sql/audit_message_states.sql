-- Count messages by journey, tile and state; those that came back after they had been taken are told apart.
-- Reads: message. Writes: nothing. Locks: none. Index: none.
SELECT journey_id, tile,
       CASE WHEN delivered_at IS NOT NULL AND state LIKE '%%_bounced' THEN 'remotely_' || state ELSE state END, count(*)
FROM message GROUP BY 1, 2, 3
