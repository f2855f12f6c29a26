-- Take people who wait at an if/then tile and have long done what its rules ask, which may have changed.
-- `singles`: those without a company alone.
-- Reads: visit, first_interaction. Writes: leaving (temporary).
-- Locks: none of its own; the caller holds the journey alone. Index: visit_due, the key of first_interaction.
INSERT INTO leaving (tile, contact_id, branch)
SELECT %(tile)s, waiting.contact_id, 0
FROM visit AS waiting
WHERE waiting.journey_id = %(journey_id)s AND waiting.iteration = %(iteration)s AND waiting.tile = %(tile)s
  AND waiting.left_at IS NULL AND (
    SELECT count(DISTINCT asked.rule)
    FROM unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
         AS asked (rule, source, type, link)
    JOIN first_interaction AS done
      ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s AND done.tile = asked.source
     AND done.contact_id = waiting.contact_id AND done.type = asked.type AND done.link = asked.link
    WHERE done.at <= waiting.due_at) >= %(needed)s
  AND (NOT %(singles)s OR NOT EXISTS (
      SELECT FROM contact WHERE contact.id = waiting.contact_id AND contact.company_id IS NOT NULL))
LIMIT %(limit)s
