-- Of rows in the chunk that mean the same person the last one stays; the earlier ones are refused with its line.
-- Reads, deletes: import_row. Writes: import_rejection.
WITH ranked AS (
    SELECT
        line,
        lead(line) OVER (
            PARTITION BY CASE WHEN %(by_email)s THEN lower(email) ELSE external_id END ORDER BY line
        ) AS later,
        CASE WHEN external_id IS NOT NULL THEN lead(line) OVER (PARTITION BY external_id ORDER BY line) END AS later_id
    FROM import_row
), gone AS (
    DELETE FROM import_row USING ranked
    WHERE import_row.line = ranked.line AND (ranked.later IS NOT NULL OR ranked.later_id IS NOT NULL)
    RETURNING import_row.line, ranked.later, ranked.later_id
)
INSERT INTO import_rejection (run_id, line, reasons)
SELECT %(run_id)s, line, jsonb_build_array(jsonb_build_array(
    'repeated',
    CASE WHEN later IS NOT NULL THEN %(key)s ELSE 'external_id' END,
    'Line ' || coalesce(later, later_id) || ' has the same '
        || CASE WHEN later IS NOT NULL THEN %(key)s ELSE 'external_id' END || ' and was used instead.'
))
FROM gone
