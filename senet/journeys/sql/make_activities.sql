-- Make an activity about each contact of a cohort. Who has one of this tile and iteration gets no second one.
-- Reads: cohort (temporary), contact, company, senet_user. Writes: activity. Locks: new rows only.
-- Index: the keys of contact and company, asked once a person; activity_once.
-- A creator whom nobody noted is the owner; where there is neither, the journey's owner gets it.
INSERT INTO activity (kind, template_id, journey_id, iteration, tile, contact_id, company_id, subject, description,
                      priority, location, assigned_to_id, due_at, start_at, end_at, duration_minutes,
                      business_unit_id, created_at)
SELECT %(kind)s, %(template_id)s, %(journey_id)s, %(iteration)s, %(tile)s, contact.id, contact.company_id,
       %(subject)s, %(description)s, %(priority)s, %(location)s,
       coalesce(
           CASE %(assign_to)s
               WHEN 'contact_owner' THEN contact.owner_id
               WHEN 'contact_creator' THEN coalesce(contact.created_by_id, contact.owner_id)
               WHEN 'company_owner' THEN company.owner_id
               WHEN 'company_creator' THEN coalesce(company.created_by_id, company.owner_id) END,
           (SELECT id FROM senet_user WHERE id = %(owner_id)s)),
       %(due_at)s, %(start_at)s, %(end_at)s, %(duration_minutes)s, %(unit_id)s, %(now)s
FROM cohort
CROSS JOIN LATERAL (  -- one look-up a row (OFFSET 0): a cohort is a small part of all people
    SELECT id, company_id, owner_id, created_by_id, active FROM contact WHERE contact.id = cohort.contact_id OFFSET 0
) AS contact
LEFT JOIN company ON company.id = contact.company_id AND %(assign_to)s IN ('company_owner', 'company_creator')
WHERE contact.active OR %(for_inactive)s
ORDER BY cohort.contact_id
ON CONFLICT DO NOTHING
