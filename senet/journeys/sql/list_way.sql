-- List a person's visits in a journey.
-- Reads: visit. Index: its key, once a tile; a journey has few tiles.
SELECT visit.iteration, visit.tile, arrived_at, due_at, left_at, outcome, reason, branch
FROM iteration
CROSS JOIN LATERAL (SELECT DISTINCT (tile->>'id')::int AS tile FROM journey_version,
                    jsonb_array_elements(definition->'tiles') AS tile
                    WHERE journey_version.journey_id = iteration.journey_id) AS drawn
JOIN visit ON visit.journey_id = iteration.journey_id AND visit.iteration = iteration.number
          AND visit.tile = drawn.tile AND visit.contact_id = %(contact_id)s
WHERE iteration.journey_id = %(journey_id)s
