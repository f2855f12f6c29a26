-- What templates may say about a batch of contacts: the contact, its company and its owner as one object each.
-- Reads: contact, company, senet_user. Index: the primary keys.
SELECT
    contact.id,
    jsonb_build_object(
        'id', contact.id,
        'external_id', contact.external_id,
        'first_name', contact.first_name,
        'last_name', contact.last_name,
        'name', trim(contact.first_name || ' ' || contact.last_name),
        'email', contact.email,
        'mobile_phone', contact.mobile_phone,
        'street', contact.street,
        'city', contact.city,
        'region', contact.region,
        'postal_code', contact.postal_code,
        'country', contact.country,
        'language', contact.language,
        'time_zone', contact.time_zone,
        'consent_level', contact.consent_level,
        'company', CASE WHEN company.id IS NULL THEN '{}'::jsonb ELSE company.custom || jsonb_build_object(
            'id', company.id,
            'external_id', company.external_id,
            'name', company.name,
            'website', company.website,
            'industry', company.industry,
            'employees', company.employees,
            'country', company.country,
            'city', company.city,
            'custom', company.custom
        ) END,
        'owner', CASE WHEN senet_user.id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object(
            'id', senet_user.id,
            'name', senet_user.name,
            'email', senet_user.email
        ) END
    ),
    contact.custom
FROM contact
LEFT JOIN company ON company.id = contact.company_id
LEFT JOIN senet_user ON senet_user.id = contact.owner_id
WHERE contact.id = ANY(%(ids)s)
