-- Let the time of companies begin whose first people arrive at an if/then tile, and hold all companies that arrive.
-- Reads: cohort (temporary), contact. Writes: company_decision.
-- Locks: the companies' rows, until commit, in the order of their ids: what one worker decides no other arrival misses.
INSERT INTO company_decision (journey_id, iteration, tile, company_id, arrived_at, due_at)
SELECT DISTINCT %(journey_id)s, %(iteration)s, %(tile)s, contact.company_id, %(now)s::timestamptz, %(due_at)s::timestamptz
FROM cohort JOIN contact ON contact.id = cohort.contact_id
WHERE contact.company_id IS NOT NULL
ORDER BY contact.company_id
ON CONFLICT (journey_id, iteration, tile, company_id) DO UPDATE SET due_at = company_decision.due_at
