-- Take people who wait at an if/then tile and whose news satisfies the rules; they leave by yes.
-- Reads: news (temporary), visit, first_interaction. Writes: leaving (temporary).
-- Locks: the visits taken, until commit. The caller holds the journey alone, so nobody arrives meanwhile.
-- Index: the keys of visit and first_interaction.
WITH satisfied AS MATERIALIZED (
    SELECT waiting.contact_id
    FROM (SELECT DISTINCT contact_id FROM news WHERE journey_id = %(journey_id)s) AS heard
    JOIN visit AS waiting
      ON waiting.journey_id = %(journey_id)s AND waiting.iteration = %(iteration)s AND waiting.tile = %(tile)s
     AND waiting.contact_id = heard.contact_id AND waiting.left_at IS NULL
    CROSS JOIN unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
               AS asked (rule, source, type, link)
    JOIN first_interaction AS done
      ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s AND done.tile = asked.source
     AND done.contact_id = waiting.contact_id AND done.type = asked.type AND done.link = asked.link
    WHERE done.at <= waiting.due_at
    GROUP BY waiting.contact_id
    HAVING count(DISTINCT asked.rule) >= %(needed)s
)
INSERT INTO leaving (tile, contact_id, branch)
SELECT %(tile)s, contact_id, 0 FROM satisfied
