-- Feeds email_group with whatever arrives in email_event, once by domain and once by country.
CREATE MATERIALIZED VIEW IF NOT EXISTS email_group_feed TO email_group AS
SELECT
    grouped.1 AS grouped_by, email_id, journey_id, grouped.2 AS name, type, toStartOfHour(at) AS hour, verdict,
    count() AS events, groupBitmapState(message_id) AS messages
FROM email_event
ARRAY JOIN [('domain', toString(domain)), ('country', toString(country))] AS grouped
GROUP BY grouped_by, email_id, journey_id, name, type, hour, verdict
