-- Rows that mean nobody yet become contacts.
-- Reads: import_row. Writes: contact.
INSERT INTO contact (
    external_id, first_name, last_name, email, mobile_phone, street, city, region, postal_code, country, language,
    time_zone, company_id, consent_level, do_not_email, do_not_bulk_email, tracking_allowed, active, custom,
    owner_id, created_by_id, business_unit_id, created_at, updated_at, import_run_id, import_line
)
SELECT
    external_id, coalesce(first_name, ''), coalesce(last_name, ''), coalesce(email, ''), coalesce(mobile_phone, ''),
    coalesce(street, ''), coalesce(city, ''), coalesce(region, ''), coalesce(postal_code, ''), coalesce(country, ''),
    coalesce(language, ''), coalesce(time_zone, ''), company_id, coalesce(consent_level, %(consent_level)s),
    coalesce(do_not_email, false), coalesce(do_not_bulk_email, false), coalesce(tracking_allowed, true),
    coalesce(active, true), coalesce(custom, '{}'::jsonb), %(user_id)s, %(user_id)s, %(business_unit_id)s, %(now)s, %(now)s,
    %(run_id)s, line
FROM import_row
WHERE contact_id IS NULL
ORDER BY line
