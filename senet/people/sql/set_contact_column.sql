-- Set a column of each contact of a cohort to one value; who has it already is not written.
-- Reads: cohort (temporary; contact_id), senet_user. Writes: contact. Index: the key of contact, asked once a person.
-- Locks: the contacts that change, in the order of their ids, so that two cohorts that share some cannot deadlock.
-- built_in: {column: value}, custom: {key: value}; emptied: keys of custom columns whose value is taken away.
WITH patch AS MATERIALIZED (
    SELECT patch.*, (SELECT id FROM senet_user WHERE id = patch.owner_id) AS new_owner_id
    FROM jsonb_to_record(%(built_in)s::jsonb) AS patch (
        first_name text, last_name text, mobile_phone text, street text, city text, region text, postal_code text,
        country text, language text, time_zone text, consent_level smallint, do_not_email boolean,
        do_not_bulk_email boolean, tracking_allowed boolean, active boolean, owner_id bigint)
), person AS MATERIALIZED (
    SELECT found.id
    FROM (SELECT contact_id FROM cohort ORDER BY contact_id OFFSET 0) AS arrived
    CROSS JOIN patch
    CROSS JOIN LATERAL (
        SELECT contact.id FROM contact
        WHERE contact.id = arrived.contact_id AND (contact.active OR %(for_inactive)s) AND (
            patch.first_name <> contact.first_name OR patch.last_name <> contact.last_name
            OR patch.mobile_phone <> contact.mobile_phone OR patch.street <> contact.street
            OR patch.city <> contact.city OR patch.region <> contact.region
            OR patch.postal_code <> contact.postal_code OR patch.country <> contact.country
            OR patch.language <> contact.language OR patch.time_zone <> contact.time_zone
            OR patch.consent_level <> contact.consent_level OR patch.do_not_email <> contact.do_not_email
            OR patch.do_not_bulk_email <> contact.do_not_bulk_email
            OR patch.tracking_allowed <> contact.tracking_allowed OR patch.active <> contact.active
            OR (patch.new_owner_id IS NOT NULL AND patch.new_owner_id IS DISTINCT FROM contact.owner_id)
            OR contact.custom <> (contact.custom || %(custom)s::jsonb) - %(emptied)s::text[])
        FOR NO KEY UPDATE) AS found
)
UPDATE contact SET
    first_name = coalesce(patch.first_name, contact.first_name),
    last_name = coalesce(patch.last_name, contact.last_name),
    mobile_phone = coalesce(patch.mobile_phone, contact.mobile_phone),
    street = coalesce(patch.street, contact.street),
    city = coalesce(patch.city, contact.city),
    region = coalesce(patch.region, contact.region),
    postal_code = coalesce(patch.postal_code, contact.postal_code),
    country = coalesce(patch.country, contact.country),
    language = coalesce(patch.language, contact.language),
    time_zone = coalesce(patch.time_zone, contact.time_zone),
    consent_level = coalesce(patch.consent_level, contact.consent_level),
    do_not_email = coalesce(patch.do_not_email, contact.do_not_email),
    do_not_bulk_email = coalesce(patch.do_not_bulk_email, contact.do_not_bulk_email),
    tracking_allowed = coalesce(patch.tracking_allowed, contact.tracking_allowed),
    active = coalesce(patch.active, contact.active),
    owner_id = coalesce(patch.new_owner_id, contact.owner_id),
    custom = (contact.custom || %(custom)s::jsonb) - %(emptied)s::text[],
    updated_at = %(now)s
FROM person, patch
WHERE contact.id = person.id
