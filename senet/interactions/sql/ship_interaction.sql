-- Copy a batch of the log out, as ClickHouse reads it: UTC without a zone, everything else as it is.
-- Reads: interaction. Writes: nothing. Locks: none. Index: interaction_xid.
SELECT
    id, xid, type, at AT TIME ZONE 'UTC', recorded_at AT TIME ZONE 'UTC', contact_id, company_id, lead_id,
    visitor, session, journey_id, iteration, tile, message_id, email_id, link,
    form_id, submission_id, page_id, website_id, redirect_id, list_id, segment_id, event_id,
    domain, address, country, region, city, browser, os, device, verdict, rule, detail
FROM interaction
WHERE xid >= %(from_xid)s AND xid < %(to_xid)s
