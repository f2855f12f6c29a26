-- Feeds email_hour with whatever arrives in email_event.
CREATE MATERIALIZED VIEW IF NOT EXISTS email_hour_feed TO email_hour AS
SELECT
    email_id, journey_id, type, toStartOfHour(at) AS hour, verdict, reason, link, count() AS events
FROM email_event
GROUP BY email_id, journey_id, type, hour, verdict, reason, link
