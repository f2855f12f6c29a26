-- Stop, wherever they stand in a journey, those who joined the suppression segment, unsubscribed from the targeted list,
-- or whose consent or business unit no longer fits. Who was stopped for a reason that can end and unsubscribes now is
-- stopped for good: the ledger takes the first stop back.
-- Reads: news (temporary), segment_member, list_member, contact. Writes: visit, resumption.
-- Locks: the visits. The caller holds the journey alone, so nobody is on the move.
-- Index: the keys of visit (once a waiting tile), segment_member, list_member and contact. A person who has come back
-- meanwhile is left alone.
WITH stopping AS (
    SELECT DISTINCT ON (contact_id) contact_id, reason
    FROM (
        SELECT news.contact_id,
               CASE WHEN news.role = 'suppressed' AND EXISTS (
                        SELECT FROM segment_member
                        WHERE segment_id = %(suppression_segment_id)s AND contact_id = news.contact_id) THEN 'suppressed'
                    WHEN news.role = 'unsubscribed' AND NOT EXISTS (
                        SELECT FROM list_member
                        WHERE list_id = news.audience_id AND contact_id = news.contact_id) THEN 'unsubscribed'
                    WHEN news.role = 'judge' THEN (
                        SELECT CASE WHEN consent_level < %(minimum_consent)s THEN 'consent'
                                    WHEN business_unit_id <> %(business_unit_id)s::bigint THEN 'business_unit' END
                        FROM contact WHERE contact.id = news.contact_id)
               END AS reason
        FROM news
        WHERE news.journey_id = %(journey_id)s) AS judged
    WHERE reason IS NOT NULL
    ORDER BY contact_id, reason DESC
), concerned AS MATERIALIZED (
    SELECT visit.tile, visit.contact_id, visit.arrived_at, visit.left_at, visit.left_xid,
           visit.reason AS reason_before, stopping.reason
    FROM stopping CROSS JOIN unnest(%(tiles)s::int[]) AS waiting (tile)
    JOIN visit ON visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s
              AND visit.tile = waiting.tile AND visit.contact_id = stopping.contact_id
    WHERE visit.left_at IS NULL
       OR (stopping.reason = 'unsubscribed' AND visit.outcome = 'stopped'
           AND visit.reason IN ('suppressed', 'consent', 'external_consent', 'business_unit'))
), taken_back AS (
    INSERT INTO resumption (journey_id, iteration, tile, contact_id, arrived_at, stopped_at, stopped_xid, reason,
                            resumed_at, xid)
    SELECT %(journey_id)s, %(iteration)s, tile, contact_id, arrived_at, left_at, left_xid, reason_before, %(now)s, %(xid)s
    FROM concerned WHERE left_at IS NOT NULL
)
UPDATE visit
SET left_at = %(now)s, left_xid = %(xid)s, outcome = 'stopped', reason = concerned.reason
FROM concerned
WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = concerned.tile
  AND visit.contact_id = concerned.contact_id
