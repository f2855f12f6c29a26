-- Reckon anew how long companies wait at an if/then tile that have not decided, from when the first of their people came;
-- companies of which nothing is known, because the tile asked of people before, wait from now on as one.
-- Reads: visit, contact. Writes: company_decision. Locks: its rows; the caller holds the journey alone.
-- Index: the key of company_decision, visit_due, the key of contact.
WITH retimed AS (
    UPDATE company_decision SET due_at = arrived_at + %(timeout)s
    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s AND branch IS NULL
)
INSERT INTO company_decision (journey_id, iteration, tile, company_id, arrived_at, due_at)
SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact.company_id, min(visit.arrived_at),
       min(visit.arrived_at) + %(timeout)s
FROM visit JOIN contact ON contact.id = visit.contact_id
WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = %(tile)s
  AND visit.left_at IS NULL AND visit.due_at IS NOT NULL AND contact.company_id IS NOT NULL
GROUP BY contact.company_id
ORDER BY contact.company_id
ON CONFLICT DO NOTHING
