-- Take people whose time at an if/then tile is up. Who did in time what the rules ask leaves by yes, the others by no.
-- Reads: visit, first_interaction. Writes: leaving (temporary). Locks: the visits taken, until commit; held ones are skipped.
-- Index: visit_due, the key of first_interaction.
WITH due AS MATERIALIZED (
    SELECT contact_id, due_at
    FROM visit
    WHERE journey_id = %(journey_id)s AND tile = %(tile)s AND left_at IS NULL AND due_at <= %(now)s
      AND iteration = %(iteration)s
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), satisfied AS (
    SELECT due.contact_id
    FROM due
    CROSS JOIN unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
               AS asked (rule, source, type, link)
    JOIN first_interaction AS done
      ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s AND done.tile = asked.source
     AND done.contact_id = due.contact_id AND done.type = asked.type AND done.link = asked.link
    WHERE done.at <= due.due_at
    GROUP BY due.contact_id
    HAVING count(DISTINCT asked.rule) >= %(needed)s
)
INSERT INTO leaving (tile, contact_id, branch)
SELECT %(tile)s, due.contact_id, CASE WHEN satisfied.contact_id IS NULL THEN 1 ELSE 0 END
FROM due LEFT JOIN satisfied ON satisfied.contact_id = due.contact_id
