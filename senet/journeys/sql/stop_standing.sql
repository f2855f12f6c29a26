-- Stop, wherever they stand in a journey, those who joined the suppression segment or unsubscribed from the targeted list.
-- Reads: news (temporary), segment_member, list_member. Writes: visit.
-- Locks: the visits. The caller holds the journey alone, so nobody is on the move.
-- Index: the keys of visit (once a waiting tile), segment_member and list_member. A person who has come back meanwhile is left alone.
WITH stopping AS (
    SELECT DISTINCT ON (news.contact_id) news.contact_id, news.role AS reason
    FROM news
    WHERE news.journey_id = %(journey_id)s AND CASE news.role
        WHEN 'suppressed' THEN EXISTS (
            SELECT FROM segment_member
            WHERE segment_id = %(suppression_segment_id)s AND contact_id = news.contact_id)
        WHEN 'unsubscribed' THEN NOT EXISTS (
            SELECT FROM list_member
            WHERE list_id = news.audience_id AND contact_id = news.contact_id)
        ELSE false END
    ORDER BY news.contact_id, news.role
)
UPDATE visit
SET left_at = %(now)s, left_xid = %(xid)s, outcome = 'stopped', reason = stopping.reason
FROM stopping CROSS JOIN unnest(%(tiles)s::int[]) AS waiting (tile)
WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = waiting.tile
  AND visit.contact_id = stopping.contact_id AND visit.left_at IS NULL
