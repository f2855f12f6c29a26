-- Let companies go by no whose time at an if/then tile is up and of which nobody has done what the rules ask.
-- Reads: leaving (temporary), contact. Writes: company_decision. Locks: its rows.
UPDATE company_decision AS decision SET branch = 1, decided_at = %(now)s
FROM (SELECT DISTINCT contact.company_id
      FROM leaving JOIN contact ON contact.id = leaving.contact_id
      WHERE leaving.tile = %(tile)s AND contact.company_id IS NOT NULL) AS due
WHERE decision.journey_id = %(journey_id)s AND decision.iteration = %(iteration)s AND decision.tile = %(tile)s
  AND decision.company_id = due.company_id AND decision.branch IS NULL AND decision.due_at <= %(now)s
