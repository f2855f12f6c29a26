-- Record responses to channel activities: each once by its key, with its line in the log, whatever is sent again.
-- Reads: channel_activity, contact. Writes: channel_response, interaction. Locks: new rows; who sends the same key at the same time
-- waits. Keys are walked in order, so that two senders cannot deadlock. Index: the keys, channel_response_once.
WITH told AS MATERIALIZED (
    SELECT * FROM unnest(%(activities)s::bigint[], %(keys)s::text[], %(responses)s::text[], %(keywords)s::text[],
                         %(matches)s::text[], %(ats)s::timestamptz[])
         AS told (activity_id, idempotency_key, response, keyword, match, at)
), kept AS (
    INSERT INTO channel_response (activity_id, idempotency_key, response, keyword, at, recorded_at)
    SELECT activity_id, idempotency_key, response, keyword, at, %(now)s FROM told
    ORDER BY activity_id, idempotency_key
    ON CONFLICT DO NOTHING
    RETURNING activity_id, idempotency_key
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, detail)
    SELECT 'CustomChannelResponse', told.at, %(now)s, activity.contact_id, contact.company_id, activity.journey_id,
           activity.iteration, activity.tile,
           jsonb_strip_nulls(jsonb_build_object(
               'channel_id', activity.channel_id, 'activity_id', activity.id, 'response', told.response,
               'keyword', nullif(told.keyword, ''), 'match', nullif(told.match, '')))
    FROM kept JOIN told USING (activity_id, idempotency_key)
        JOIN channel_activity AS activity ON activity.id = kept.activity_id
        LEFT JOIN contact ON contact.id = activity.contact_id
)
SELECT activity_id, idempotency_key FROM kept
