-- Write the visits of a cohort that arrives at an if/then tile. Who has already done what the rules ask leaves by yes at once.
-- Reads: cohort (temporary), first_interaction. Writes: visit, parted (temporary). Locks: new rows only.
-- Index: the key of first_interaction, asked once a person.
WITH arrived AS (
    INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at,
                       left_at, outcome, branch, arrived_xid, left_xid)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, %(due_at)s,
           CASE WHEN satisfied THEN %(now)s END, CASE WHEN satisfied THEN 'processed' END,
           CASE WHEN satisfied THEN 0 END, %(xid)s, CASE WHEN satisfied THEN %(xid)s END
    FROM (
        SELECT cohort.contact_id, (
            SELECT count(DISTINCT asked.rule)
            FROM unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
                 AS asked (rule, source, type, link)
            JOIN first_interaction AS done
              ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s AND done.tile = asked.source
             AND done.contact_id = cohort.contact_id AND done.type = asked.type AND done.link = asked.link
            ) >= %(needed)s AS satisfied
        FROM cohort
        ORDER BY cohort.contact_id
        OFFSET 0) AS judged
    RETURNING contact_id, branch
)
INSERT INTO parted (tile, contact_id, branch)
SELECT %(tile)s, contact_id, branch FROM arrived WHERE branch IS NOT NULL
