-- Make an activity about each company that a cohort's contacts belong to. A company that has one of this tile and
-- iteration gets no second one; contacts without a company make none. Contact means the first who came.
-- Reads: cohort (temporary), contact, company, senet_user. Writes: activity.
-- Locks: new rows only; a second worker that makes the same company's activity waits, and then finds it made.
-- Index: the keys of contact and company, asked once a person; activity_once_a_company.
WITH first_of AS MATERIALIZED (
    SELECT DISTINCT ON (contact.company_id) contact.company_id, contact.owner_id, contact.created_by_id
    FROM cohort
    CROSS JOIN LATERAL (  -- one look-up a row (OFFSET 0): a cohort is a small part of all people
        SELECT id, company_id, owner_id, created_by_id, active
        FROM contact WHERE contact.id = cohort.contact_id OFFSET 0
    ) AS contact
    WHERE contact.company_id IS NOT NULL AND (contact.active OR %(for_inactive)s)
    ORDER BY contact.company_id, contact.id
)
INSERT INTO activity (kind, template_id, journey_id, iteration, tile, company_id, subject, description,
                      priority, location, assigned_to_id, due_at, start_at, end_at, duration_minutes,
                      business_unit_id, created_at)
SELECT %(kind)s, %(template_id)s, %(journey_id)s, %(iteration)s, %(tile)s, company.id,
       %(subject)s, %(description)s, %(priority)s, %(location)s,
       coalesce(
           CASE %(assign_to)s
               WHEN 'contact_owner' THEN first_of.owner_id
               WHEN 'contact_creator' THEN coalesce(first_of.created_by_id, first_of.owner_id)
               WHEN 'company_owner' THEN company.owner_id
               WHEN 'company_creator' THEN coalesce(company.created_by_id, company.owner_id) END,
           (SELECT id FROM senet_user WHERE id = %(owner_id)s)),
       %(due_at)s, %(start_at)s, %(end_at)s, %(duration_minutes)s, %(unit_id)s, %(now)s
FROM first_of JOIN company ON company.id = first_of.company_id
ORDER BY company.id
ON CONFLICT DO NOTHING
