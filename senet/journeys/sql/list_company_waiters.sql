-- List from when those who stand at an if/then tile wait as one with their company, when time lets them go, and how many
-- they are. Who has no company waits from their own arrival; whose company has decided, from no moment that matters.
-- Reads: visit, contact, company_decision. Writes: nothing. Locks: none.
-- Index: visit_due, the keys of contact and company_decision.
SELECT since, due_at, count(*)
FROM (
    SELECT waiting.due_at,
           CASE WHEN decision.branch IS NOT NULL THEN NULL
                WHEN contact.company_id IS NULL THEN waiting.arrived_at
                ELSE coalesce(decision.arrived_at, min(waiting.arrived_at) OVER (PARTITION BY contact.company_id)) END
               AS since
    FROM visit AS waiting
        LEFT JOIN contact ON contact.id = waiting.contact_id
        LEFT JOIN company_decision AS decision
          ON decision.journey_id = %(journey_id)s AND decision.iteration = %(iteration)s AND decision.tile = %(tile)s
         AND decision.company_id = contact.company_id
    WHERE waiting.journey_id = %(journey_id)s AND waiting.iteration = %(iteration)s AND waiting.tile = %(tile)s
      AND waiting.left_at IS NULL AND waiting.due_at IS NOT NULL) AS waiting
GROUP BY since, due_at
ORDER BY since, due_at
