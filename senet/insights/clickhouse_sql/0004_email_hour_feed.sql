-- Feeds email_hour with whatever arrives in email_event.
CREATE MATERIALIZED VIEW IF NOT EXISTS email_hour_feed TO email_hour AS
SELECT
    email_id, journey_id, tile, type, toStartOfHour(at) AS hour, verdict, reason, version, link, count() AS events,
    groupBitmapState(message_id) AS messages
FROM email_event
GROUP BY email_id, journey_id, tile, type, hour, verdict, reason, version, link
