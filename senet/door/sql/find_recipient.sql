-- Find who a message went to. Reads: message, contact. Writes: nothing. Locks: none. Index: message_pkey, contact_pkey.
SELECT
    message.id, contact.id, contact.company_id, message.journey_id, message.iteration, message.tile, message.email_id,
    message.address, message.domain, contact.country, contact.do_not_bulk_email,
    contact.consent_level, contact.language
FROM message
JOIN contact ON contact.id = message.contact_id
WHERE message.id = %(message_id)s
