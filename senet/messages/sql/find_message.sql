-- Find one message by its number. Reads: message, message_queue, contact. Writes: nothing. Locks: none. Index: message_pkey.
SELECT message.id, message.journey_id, message.iteration, message.tile, message.contact_id, contact.company_id,
       message.email_id, message.email_version_id, message.address, message.domain,
       CASE WHEN message_queue.claim IS NULL THEN message.state ELSE 'sending' END
FROM message
    LEFT JOIN message_queue ON message_queue.message_id = message.id
    LEFT JOIN contact ON contact.id = message.contact_id
WHERE message.id = %(message_id)s
