-- The company of each row of the chunk; of several with the same name the oldest.
-- Reads: company. Writes: import_row. Index: company_external_id_once, company_name_key.
UPDATE import_row SET company_id = CASE
    WHEN company_external_id IS NOT NULL THEN (
        SELECT company.id FROM company
        WHERE company.external_id = import_row.company_external_id
            AND (%(units)s::bigint[] IS NULL OR company.business_unit_id = ANY(%(units)s::bigint[]))
    )
    ELSE (
        SELECT min(company.id + 0) FROM company -- "+ 0": else the planner may walk the primary key
        WHERE lower(company.name) = lower(import_row.company)
            AND (%(units)s::bigint[] IS NULL OR company.business_unit_id = ANY(%(units)s::bigint[]))
    )
END
WHERE company_external_id IS NOT NULL OR company IS NOT NULL
