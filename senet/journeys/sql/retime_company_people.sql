-- Let people who stand at an if/then tile which asks of companies wait as long as their company does now; who has no
-- company waits alone. Whose company has decided is due. `contacts`: these alone, or all (NULL).
-- Reads: contact, company_decision. Writes: visit. Locks: the visits; the caller holds the journey alone.
-- Index: visit_due or, for some alone, the key of visit; the keys of contact and company_decision.
UPDATE visit SET due_at = anew.due_at
FROM (
    SELECT waiting.contact_id,
           CASE WHEN decision.branch IS NOT NULL THEN least(decision.due_at, %(now)s)
                ELSE coalesce(decision.due_at, waiting.arrived_at + %(timeout)s) END AS due_at
    FROM visit AS waiting
        LEFT JOIN contact ON contact.id = waiting.contact_id
        LEFT JOIN company_decision AS decision
          ON decision.journey_id = %(journey_id)s AND decision.iteration = %(iteration)s AND decision.tile = %(tile)s
         AND decision.company_id = contact.company_id
    WHERE waiting.journey_id = %(journey_id)s AND waiting.iteration = %(iteration)s AND waiting.tile = %(tile)s
      AND waiting.left_at IS NULL AND waiting.due_at IS NOT NULL
      AND (%(contacts)s::bigint[] IS NULL OR waiting.contact_id = ANY (%(contacts)s::bigint[]))
    OFFSET 0) AS anew
WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = %(tile)s
  AND visit.contact_id = anew.contact_id AND visit.due_at <> anew.due_at
