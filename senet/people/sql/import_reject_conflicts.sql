-- Rows that may mean several contacts, or whose external id another contact has, are refused.
-- Reads: contact. Deletes: import_row. Writes: import_rejection. Index: contact_external_id_once.
WITH judged AS (
    SELECT row.line, CASE
        WHEN row.matches > 1 THEN 'ambiguous'
        WHEN row.external_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM contact
            WHERE contact.external_id = row.external_id AND contact.id IS DISTINCT FROM row.contact_id
        ) THEN 'external_id_taken'
    END AS code
    FROM import_row AS row
), gone AS (
    DELETE FROM import_row USING judged
    WHERE import_row.line = judged.line AND judged.code IS NOT NULL
    RETURNING import_row.line, judged.code
)
INSERT INTO import_rejection (run_id, line, reasons)
SELECT %(run_id)s, line, jsonb_build_array(CASE code
    WHEN 'ambiguous' THEN jsonb_build_array(
        code, 'email', 'Several contacts have this address; import by external id to say which one is meant.')
    ELSE jsonb_build_array(code, 'external_id', 'Another contact has this external id, or one you may not change.')
END)
FROM gone
