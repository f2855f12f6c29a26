-- What templates may say about a batch of contacts: the contact's columns, its own ones, its company and its owner as one
-- object each, NULL when there is none. Only those of certain business units (NULL: of all).
-- Reads: contact, company, senet_user. Index: the primary keys.
SELECT
    contact.id,
    contact.external_id,
    contact.first_name,
    contact.last_name,
    trim(contact.first_name || ' ' || contact.last_name),
    contact.email,
    contact.mobile_phone,
    contact.street,
    contact.city,
    contact.region,
    contact.postal_code,
    contact.country,
    contact.language,
    contact.time_zone,
    contact.consent_level,
    contact.custom,
    CASE WHEN company.id IS NOT NULL THEN company.custom || jsonb_build_object(
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
    CASE WHEN senet_user.id IS NOT NULL THEN jsonb_build_object(
        'id', senet_user.id,
        'name', senet_user.name,
        'email', senet_user.email
    ) END
FROM contact
LEFT JOIN company ON company.id = contact.company_id
LEFT JOIN senet_user ON senet_user.id = contact.owner_id
WHERE contact.id = ANY(%(ids)s) AND (%(units)s::bigint[] IS NULL OR contact.business_unit_id = ANY(%(units)s::bigint[]))
