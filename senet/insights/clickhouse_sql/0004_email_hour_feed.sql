-- Feeds email_hour with whatever arrives in the log.
CREATE MATERIALIZED VIEW IF NOT EXISTS email_hour_feed TO email_hour AS
SELECT
    email_id, journey_id, type, toStartOfHour(at) AS hour, verdict, JSONExtractString(detail, 'reason') AS reason, link,
    count() AS events
FROM interaction
WHERE email_id != 0 AND message_id != 0
GROUP BY email_id, journey_id, type, hour, verdict, reason, link
