-- Find one message by its number. Reads: message, contact. Writes: nothing. Locks: none. Index: message_pkey.
SELECT message.id, message.journey_id, message.iteration, message.tile, message.contact_id, contact.company_id,
       message.email_id, message.email_version_id, message.address, message.domain, message.state
FROM message LEFT JOIN contact ON contact.id = message.contact_id
WHERE message.id = %(message_id)s
