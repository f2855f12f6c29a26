-- Take up what a journey could not see to before.
-- Reads and writes: postponed_news. Writes: news (temporary). Locks: the rows. Index: postponed_news_journey.
WITH taken AS (
    DELETE FROM postponed_news WHERE journey_id = %(journey_id)s RETURNING journey_id, contact_id, role, audience_id
)
INSERT INTO news (journey_id, contact_id, role, audience_id) SELECT journey_id, contact_id, role, audience_id FROM taken
