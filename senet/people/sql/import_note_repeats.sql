-- Lines of earlier chunks whose contact this chunk writes again: the earlier line is reported, the later one counts.
-- Reads: import_row, contact. Writes: import_rejection. Index: contact_pkey.
INSERT INTO import_rejection (run_id, line, reasons)
SELECT %(run_id)s, contact.import_line, jsonb_build_array(jsonb_build_array(
    'repeated', %(key)s, 'Line ' || row.line || ' has the same ' || %(key)s || ' and was used instead.'))
FROM import_row AS row
JOIN contact ON contact.id = row.contact_id
WHERE row.repeats AND contact.import_line <> row.line
ON CONFLICT DO NOTHING
