-- The ids of one business unit and of all units below it. Used as a subquery, so its parameter has no name.
-- Reads: business_unit. Index: its parent's.
WITH RECURSIVE below AS (
    SELECT %s::bigint AS id
    UNION
    SELECT unit.id FROM business_unit AS unit JOIN below ON unit.parent_id = below.id
)
SELECT id FROM below
