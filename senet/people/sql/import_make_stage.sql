-- The staging table of one import's connection: a chunk of cleaned rows. Temporary: neither logged nor shared.
CREATE TEMP TABLE IF NOT EXISTS import_row (
    line bigint NOT NULL,
    external_id text, first_name text, last_name text, email text, mobile_phone text, street text, city text,
    region text, postal_code text, country text, language text, time_zone text, company text,
    company_external_id text, consent_level smallint, do_not_email boolean, do_not_bulk_email boolean,
    tracking_allowed boolean, active boolean, custom jsonb,
    company_id bigint,              -- found or made
    contact_id bigint,              -- found; NULL: the row makes a new contact
    matches int NOT NULL DEFAULT 0, -- contacts that the row may mean
    repeats boolean NOT NULL DEFAULT false -- an earlier chunk of this run wrote the contact already
)
