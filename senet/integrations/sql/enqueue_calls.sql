-- Launch a workflow for each contact of a cohort, or once for each company that its contacts belong to, and log the launches.
-- Who has no company launches nothing for one; who came later than others of the same company neither.
-- Reads: cohort (temporary; contact_id), contact. Writes: workflow_call, interaction.
-- Locks: new rows only. A second contact of the same company waits for the first one's transaction, and then launches nothing.
-- Keys are walked in order, so that two cohorts that share companies cannot deadlock.
-- Index: the keys (journey, iteration, tile, contact) and workflow_call_company_once, which make every repetition harmless.
WITH person AS MATERIALIZED (
    SELECT cohort.contact_id, contact.company_id
    FROM cohort CROSS JOIN LATERAL (  -- one look-up a row (OFFSET 0): a cohort is a small part of all people
        SELECT company_id FROM contact WHERE contact.id = cohort.contact_id OFFSET 0
    ) AS contact
), first_comer AS (
    SELECT contact_id, company_id FROM person WHERE NOT %(per_company)s
    UNION ALL
    SELECT min(contact_id), company_id FROM person
    WHERE %(per_company)s AND company_id IS NOT NULL GROUP BY company_id
), launched AS (
    INSERT INTO workflow_call (workflow_id, journey_id, iteration, tile, contact_id, company_id, due_at, created_at)
    SELECT %(workflow_id)s, %(journey_id)s, %(iteration)s, %(tile)s, contact_id,
           CASE WHEN %(per_company)s THEN company_id END, %(now)s, %(now)s
    FROM first_comer
    ORDER BY CASE WHEN %(per_company)s THEN company_id ELSE contact_id END
    ON CONFLICT DO NOTHING
    RETURNING contact_id
)
INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, detail)
SELECT 'TriggerCrmWorkflowActivityContactProcessed', %(now)s, %(now)s, contact_id, person.company_id,
       %(journey_id)s, %(iteration)s, %(tile)s, jsonb_build_object('workflow_id', %(workflow_id)s::bigint)
FROM launched JOIN person USING (contact_id)
