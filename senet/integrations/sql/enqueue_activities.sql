-- Ask a channel to act for each contact of a cohort whom nothing forbids it for: an activity, its line in the log, and a call
-- of the channel's workflow, if it has one. A compliance column that is not there any more forbids everybody.
-- Reads: cohort (temporary; contact_id), contact, custom_column. Writes: channel_activity, workflow_call, interaction.
-- Locks: new rows only. Index: channel_activity_once and workflow_call_once, which make every repetition harmless.
WITH person AS MATERIALIZED (
    SELECT cohort.contact_id, contact.company_id,
           CASE %(compliance_column)s
               WHEN '' THEN false
               WHEN 'do_not_email' THEN contact.do_not_email
               WHEN 'do_not_bulk_email' THEN contact.do_not_bulk_email
               ELSE coalesce(contact.custom->%(custom_key)s = 'true'::jsonb, false) OR NOT EXISTS (
                   SELECT FROM custom_column WHERE entity = 'contact' AND key = %(custom_key)s AND kind = 'boolean')
           END AS forbidden
    FROM cohort CROSS JOIN LATERAL (  -- one look-up a row (OFFSET 0): a cohort is a small part of all people
        SELECT company_id, do_not_email, do_not_bulk_email, custom FROM contact
        WHERE contact.id = cohort.contact_id OFFSET 0
    ) AS contact
), made AS (
    INSERT INTO channel_activity (channel_id, journey_id, iteration, tile, contact_id, created_at)
    SELECT %(channel_id)s, %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s
    FROM person WHERE NOT forbidden
    ORDER BY contact_id
    ON CONFLICT DO NOTHING
    RETURNING id, contact_id
), called AS (
    INSERT INTO workflow_call (workflow_id, activity_id, journey_id, iteration, tile, contact_id, due_at, created_at)
    SELECT %(workflow_id)s, id, %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, %(now)s
    FROM made WHERE %(workflow_id)s::bigint IS NOT NULL
    ORDER BY contact_id
    ON CONFLICT DO NOTHING
)
INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, detail)
SELECT 'CreateCustomChannelActivityContactProcessed', %(now)s, %(now)s, contact_id, person.company_id, %(journey_id)s,
       %(iteration)s, %(tile)s, jsonb_build_object('channel_id', %(channel_id)s::bigint, 'activity_id', made.id)
FROM made JOIN person USING (contact_id)
