-- Copy the contacts that changed out, as ClickHouse reads them.
-- Reads: contact. Writes: nothing. Locks: none. Index: contact_changed_xid.
SELECT
    id, changed_xid, company_id, business_unit_id, owner_id, country, region, city, language, time_zone,
    consent_level, active, do_not_email, do_not_bulk_email, tracking_allowed, created_at AT TIME ZONE 'UTC', custom
FROM contact
WHERE changed_xid >= %(from_xid)s AND changed_xid < %(to_xid)s
