-- Companies that the chunk names and nobody has yet: first those with an external id, then, run again, those by name.
-- Reads: import_row, company. Writes: company. Index: company_external_id_once, company_name_key.
INSERT INTO company (external_id, name, website, industry, country, city, custom, business_unit_id, owner_id,
    created_by_id)
SELECT DISTINCT ON (CASE WHEN %(by_id)s THEN row.company_external_id ELSE lower(row.company) END)
    row.company_external_id, coalesce(row.company, row.company_external_id), '', '', '', '', '{}'::jsonb,
    %(business_unit_id)s, %(user_id)s, %(user_id)s
FROM import_row AS row
WHERE CASE
    WHEN %(by_id)s THEN
        row.company_external_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM company WHERE company.external_id = row.company_external_id)
    ELSE
        row.company_external_id IS NULL AND row.company IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM company
            WHERE lower(company.name) = lower(row.company)
                AND (%(units)s::bigint[] IS NULL OR company.business_unit_id = ANY(%(units)s::bigint[]))
        )
END
ORDER BY CASE WHEN %(by_id)s THEN row.company_external_id ELSE lower(row.company) END, row.line
ON CONFLICT DO NOTHING
