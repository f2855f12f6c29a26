-- Make a task for each person of a cohort.
-- Reads: cohort (temporary), contact. Writes: task. Locks: new rows only. Index: the key task_once.
INSERT INTO task (journey_id, iteration, tile, contact_id, subject, description, assigned_to_id, due_at, created_at)
SELECT %(journey_id)s, %(iteration)s, %(tile)s, cohort.contact_id, %(subject)s, %(description)s,
       CASE WHEN %(assign_to)s = 'journey_owner' THEN %(owner_id)s ELSE coalesce(contact.owner_id, %(owner_id)s) END,
       %(due_at)s, %(now)s
FROM cohort LEFT JOIN contact ON contact.id = cohort.contact_id
ORDER BY cohort.contact_id
ON CONFLICT DO NOTHING
