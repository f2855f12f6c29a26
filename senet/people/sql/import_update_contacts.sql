-- Contacts that are there already take the row's values; an empty cell leaves a value as it is, and a contact that
-- would not change is not written.
-- Reads: import_row. Writes: contact. Locks: the rows it changes. Index: contact_pkey.
WITH changed AS (
    UPDATE contact SET
        external_id = coalesce(row.external_id, contact.external_id),
        first_name = coalesce(row.first_name, contact.first_name),
        last_name = coalesce(row.last_name, contact.last_name),
        email = coalesce(row.email, contact.email),
        mobile_phone = coalesce(row.mobile_phone, contact.mobile_phone),
        street = coalesce(row.street, contact.street),
        city = coalesce(row.city, contact.city),
        region = coalesce(row.region, contact.region),
        postal_code = coalesce(row.postal_code, contact.postal_code),
        country = coalesce(row.country, contact.country),
        language = coalesce(row.language, contact.language),
        time_zone = coalesce(row.time_zone, contact.time_zone),
        company_id = coalesce(row.company_id, contact.company_id),
        consent_level = coalesce(row.consent_level, contact.consent_level),
        do_not_email = coalesce(row.do_not_email, contact.do_not_email),
        do_not_bulk_email = coalesce(row.do_not_bulk_email, contact.do_not_bulk_email),
        tracking_allowed = coalesce(row.tracking_allowed, contact.tracking_allowed),
        active = coalesce(row.active, contact.active),
        custom = CASE WHEN row.custom IS NULL THEN contact.custom ELSE contact.custom || row.custom END,
        import_run_id = %(run_id)s,
        import_line = row.line,
        updated_at = %(now)s
    FROM import_row AS row
    WHERE contact.id = row.contact_id AND (
        row.external_id <> contact.external_id OR (row.external_id IS NOT NULL AND contact.external_id IS NULL)
        OR row.first_name <> contact.first_name OR row.last_name <> contact.last_name
        OR row.email <> contact.email OR row.mobile_phone <> contact.mobile_phone
        OR row.street <> contact.street OR row.city <> contact.city OR row.region <> contact.region
        OR row.postal_code <> contact.postal_code OR row.country <> contact.country
        OR row.language <> contact.language OR row.time_zone <> contact.time_zone
        OR row.company_id <> contact.company_id OR (row.company_id IS NOT NULL AND contact.company_id IS NULL)
        OR row.consent_level <> contact.consent_level OR row.do_not_email <> contact.do_not_email
        OR row.do_not_bulk_email <> contact.do_not_bulk_email OR row.tracking_allowed <> contact.tracking_allowed
        OR row.active <> contact.active OR contact.custom <> contact.custom || row.custom
    )
    RETURNING row.repeats
)
SELECT count(*) FILTER (WHERE NOT repeats) FROM changed
