-- Take people who wait at an if/then tile and whose news satisfies the rules; they leave by yes. `singles`: those without a company alone.
-- Reads: news (temporary), visit, first_interaction. Writes: leaving (temporary).
-- Locks: none of its own. The caller holds the journey alone, so nobody arrives or leaves meanwhile.
-- Index: the keys of visit and first_interaction, each asked once a person.
INSERT INTO leaving (tile, contact_id, branch)
SELECT %(tile)s, heard.contact_id, 0
FROM (SELECT DISTINCT contact_id FROM news WHERE journey_id = %(journey_id)s) AS heard
CROSS JOIN LATERAL (
    SELECT due_at FROM visit
    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s
      AND contact_id = heard.contact_id AND left_at IS NULL
    OFFSET 0) AS waiting
WHERE (
    SELECT count(DISTINCT asked.rule)
    FROM unnest(%(rules)s::int[], %(sources)s::int[], %(types)s::text[], %(links)s::int[])
         AS asked (rule, source, type, link)
    JOIN first_interaction AS done
      ON done.journey_id = %(journey_id)s AND done.iteration = %(iteration)s AND done.tile = asked.source
     AND done.contact_id = heard.contact_id AND done.type = asked.type AND done.link = asked.link
    WHERE done.at <= waiting.due_at) >= %(needed)s
  AND (NOT %(singles)s OR NOT EXISTS (
      SELECT FROM contact WHERE contact.id = heard.contact_id AND contact.company_id IS NOT NULL))
