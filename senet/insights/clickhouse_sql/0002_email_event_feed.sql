-- Feeds email_event with whatever arrives in the log.
CREATE MATERIALIZED VIEW IF NOT EXISTS email_event_feed TO email_event AS
SELECT
    email_id, type, journey_id, at, iteration, tile, message_id, contact_id,
    JSONExtractUInt(detail, 'version') AS version, link, domain, country, verdict,
    JSONExtractString(detail, 'reason') AS reason
FROM interaction
WHERE email_id != 0 AND message_id != 0
