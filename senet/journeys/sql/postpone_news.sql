-- Keep who must stop or may resume in a journey that could not see to it now.
-- Reads: news (temporary). Writes: postponed_news. Locks: new rows only.
INSERT INTO postponed_news (journey_id, contact_id, role, audience_id)
SELECT DISTINCT journey_id, contact_id, role, audience_id
FROM news WHERE journey_id = %(journey_id)s AND role IN ('suppressed', 'released', 'unsubscribed', 'judge')
