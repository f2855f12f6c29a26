-- Make a lead of each company that a cohort's contacts belong to, and log it for the first of them who came.
-- A company that has one of this tile and iteration gets no second one; contacts without a company make none.
-- Reads: cohort (temporary; contact_id), contact, company, senet_user. Writes: lead, interaction.
-- Locks: new rows only; a second worker that makes the same company's lead waits, and then finds it made.
-- Index: the keys of contact and company, asked once a person; lead_once_a_company.
WITH first_of AS MATERIALIZED (
    SELECT contact.company_id, min(contact.id) AS contact_id
    FROM cohort
    CROSS JOIN LATERAL (  -- one look-up a row (OFFSET 0): a cohort is a small part of all people
        SELECT id, company_id, active FROM contact WHERE contact.id = cohort.contact_id OFFSET 0
    ) AS contact
    WHERE contact.company_id IS NOT NULL AND (contact.active OR %(for_inactive)s)
    GROUP BY contact.company_id
), made AS (
    INSERT INTO lead (topic, last_name, company_name, company_id, for_company,
                      journey_id, iteration, tile, email_id, owner_id, business_unit_id, created_at, updated_at)
    SELECT %(topic)s, %(last_name)s, company.name, company.id, true, %(journey_id)s, %(iteration)s, %(tile)s,
           %(email_id)s, (SELECT id FROM senet_user WHERE id = %(owner_id)s), %(business_unit_id)s, %(now)s, %(now)s
    FROM first_of JOIN company ON company.id = first_of.company_id
    ORDER BY company.id
    ON CONFLICT DO NOTHING
    RETURNING id, company_id
)
INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, lead_id, journey_id, iteration, tile)
SELECT 'CreateLeadActivityContactProcessed', %(now)s, %(now)s, max(contact_id), company_id, max(lead_id),
       %(journey_id)s, %(iteration)s, %(tile)s
FROM (  -- grouped instead of joined: no plan can turn it into a product
    SELECT company_id, contact_id, NULL::bigint AS lead_id FROM first_of
    UNION ALL
    SELECT company_id, NULL, id FROM made) AS facts
GROUP BY company_id
HAVING max(lead_id) IS NOT NULL
