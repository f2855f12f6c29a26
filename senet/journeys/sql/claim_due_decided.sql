-- Take people whose time at an if/then tile is up. Who did in time what the rules ask leaves by yes, the others by no.
-- Reads: visit, unheard (temporary), first_interaction. Writes: leaving (temporary). Locks: the visits taken, until commit; held ones are skipped.
-- Index: visit_due, walked in order, and the keys of unheard and first_interaction, asked once a person: no plan can turn
-- it into a product or sort all who are due.
WITH due AS MATERIALIZED (
    SELECT contact_id, due_at
    FROM visit
    WHERE journey_id = %(journey_id)s AND tile = %(tile)s AND left_at IS NULL AND due_at <= %(now)s
      AND iteration = %(iteration)s
      AND (SELECT count(*) FROM unheard WHERE unheard.contact_id = visit.contact_id) = 0
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
INSERT INTO leaving (tile, contact_id, branch)
SELECT %(tile)s, due.contact_id, CASE WHEN (
    SELECT count(DISTINCT asked.rule)
    FROM unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
         AS asked (rule, source, type, link)
    JOIN first_interaction AS done
      ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s AND done.tile = asked.source
     AND done.contact_id = due.contact_id AND done.type = asked.type AND done.link = asked.link
    WHERE done.at <= due.due_at) >= %(needed)s THEN 0 ELSE 1 END
FROM due
