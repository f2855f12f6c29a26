-- Make a lead of each contact of a cohort, and log it. Who has one of this tile and iteration gets no second one.
-- Reads: cohort (temporary; contact_id), contact, company, senet_user. Writes: lead, interaction. Locks: new rows only.
-- Index: the keys of contact and company, asked once a person; lead_once.
WITH person AS MATERIALIZED (
    SELECT contact.id, contact.first_name, contact.last_name, contact.email, contact.mobile_phone, contact.company_id,
           coalesce(company.name, '') AS company_name
    FROM cohort
    CROSS JOIN LATERAL (  -- one look-up a row (OFFSET 0): a cohort is a small part of all people
        SELECT * FROM contact WHERE contact.id = cohort.contact_id OFFSET 0
    ) AS contact
    LEFT JOIN LATERAL (SELECT name FROM company WHERE company.id = contact.company_id OFFSET 0) AS company ON true
    WHERE contact.active OR %(for_inactive)s
), made AS (
    INSERT INTO lead (topic, first_name, last_name, email, phone, company_name, contact_id, company_id,
                      journey_id, iteration, tile, email_id, owner_id, business_unit_id, created_at, updated_at)
    SELECT %(topic)s, first_name, CASE WHEN last_name = '' THEN %(last_name)s ELSE last_name END, email, mobile_phone,
           company_name, id, company_id, %(journey_id)s, %(iteration)s, %(tile)s, %(email_id)s,
           (SELECT id FROM senet_user WHERE id = %(owner_id)s), %(business_unit_id)s, %(now)s, %(now)s
    FROM person
    ORDER BY person.id
    ON CONFLICT DO NOTHING
    RETURNING id, contact_id, company_id
)
INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, lead_id, journey_id, iteration, tile)
SELECT 'CreateLeadActivityContactProcessed', %(now)s, %(now)s, contact_id, company_id, id,
       %(journey_id)s, %(iteration)s, %(tile)s
FROM made
