-- Say which journeys have news.
-- Reads: news (temporary).
SELECT DISTINCT journey_id FROM news ORDER BY journey_id
