-- Keep those who are due at a tile and fell to one share back, until its A/B test is decided.
-- Reads and writes: leaving (temporary), visit. Locks: the visits, which the caller holds already. Index: the key of visit.
WITH held AS MATERIALIZED (
    SELECT contact_id FROM leaving WHERE tile = -%(tile)s::int AND branch = %(share)s
), kept AS (
    DELETE FROM leaving USING held WHERE leaving.tile = %(tile)s AND leaving.contact_id = held.contact_id
)
UPDATE visit SET due_at = %(held_until)s, reason = 'ab_test'
FROM held
WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = %(tile)s
  AND visit.contact_id = held.contact_id
