-- The mirror of contacts: what insights break numbers down by. A later version of a contact replaces an earlier one.
CREATE TABLE IF NOT EXISTS contact (
    id UInt64, xid UInt64, company_id UInt64, business_unit_id UInt64, owner_id UInt64,
    country LowCardinality(String), region LowCardinality(String), city String,
    language LowCardinality(String), time_zone LowCardinality(String),
    consent_level UInt8, active Bool, do_not_email Bool, do_not_bulk_email Bool, tracking_allowed Bool,
    created_at DateTime64(6, 'UTC'), custom String
) ENGINE = ReplacingMergeTree(xid)
ORDER BY id
SETTINGS non_replicated_deduplication_window = 1000
