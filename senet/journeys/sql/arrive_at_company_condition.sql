-- Write the visits of a cohort that arrives at an if/then tile which asks of companies. Whose company has decided goes its
-- way at once; the others wait as long as their company. Who has no company is asked alone.
-- Reads: cohort (temporary), contact, company_decision, first_interaction. Writes: visit, parted (temporary).
-- Locks: new rows only. Index: the keys of contact, company_decision and first_interaction, asked once a person.
WITH arrived AS (
    INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at,
                       left_at, outcome, branch, arrived_xid, left_xid)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, due_at,
           CASE WHEN way IS NOT NULL THEN %(now)s END, CASE WHEN way IS NOT NULL THEN 'processed' END,
           way, %(xid)s, CASE WHEN way IS NOT NULL THEN %(xid)s END
    FROM (
        SELECT cohort.contact_id, coalesce(decision.due_at, %(due_at)s) AS due_at,
               CASE WHEN decision.company_id IS NOT NULL THEN decision.branch
                    WHEN (
                        SELECT count(DISTINCT asked.rule)
                        FROM unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
                             AS asked (rule, source, type, link)
                        JOIN first_interaction AS done
                          ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s
                         AND done.tile = asked.source AND done.contact_id = cohort.contact_id
                         AND done.type = asked.type AND done.link = asked.link) >= %(needed)s THEN 0 END AS way
        FROM cohort
            LEFT JOIN LATERAL (SELECT company_id FROM contact WHERE contact.id = cohort.contact_id OFFSET 0) AS person
              ON true
            LEFT JOIN company_decision AS decision
              ON decision.journey_id = %(journey_id)s AND decision.iteration = %(iteration)s
             AND decision.tile = %(tile)s AND decision.company_id = person.company_id
        ORDER BY cohort.contact_id
        OFFSET 0) AS judged
    RETURNING contact_id, branch
)
INSERT INTO parted (tile, contact_id, branch)
SELECT %(tile)s, contact_id, branch FROM arrived WHERE branch IS NOT NULL
