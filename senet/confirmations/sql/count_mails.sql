-- Count the confirmation mails that a contact was sent of late or will be, and those of one request among them.
-- Reads: message, confirmation_request. Writes: nothing. Locks: none.
-- Index: message_contact_queued, confirmation_request_contact.
SELECT count(*), count(*) FILTER (WHERE request_id = %(request_id)s)
FROM (
    SELECT iteration AS request_id FROM message
    WHERE contact_id = %(contact_id)s AND journey_id = 0 AND queued_at > %(since)s
    UNION ALL
    SELECT id FROM confirmation_request WHERE contact_id = %(contact_id)s AND mail_due_at IS NOT NULL
) AS mail
