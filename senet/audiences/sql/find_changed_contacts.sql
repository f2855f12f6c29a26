-- List the contacts that a segment must look at again: changed themselves, or come or gone in an audience it refers to.
-- Reads: contact, membership_change. Index: contact_changed_xid, membership_change_xid.
SELECT id FROM contact WHERE changed_xid >= %(position)s
UNION
SELECT membership_change.contact_id
FROM membership_change
JOIN unnest(%(kinds)s::text[], %(ids)s::bigint[]) AS used (kind, id)
    ON used.kind = membership_change.kind AND used.id = membership_change.audience_id
WHERE membership_change.xid >= %(position)s
LIMIT %(limit)s
