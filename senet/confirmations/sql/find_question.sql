-- Find what a confirmation mail asks, and how it has been settled, if it has: confirmed before anything else, so that
-- whoever confirms twice reads twice that it is done.
-- Reads: message, confirmation_request, contact, subscription_list. Writes: nothing. Locks: none.
-- Index: message_pkey, confirmation_request_pkey, contact_pkey, subscription_list_pkey.
SELECT message.id, request.id, request.contact_id, request.kind, request.object_name, request.object_description,
       request.address,
       CASE WHEN request.state = 'confirmed' THEN 'confirmed'
            WHEN request.state = 'withdrawn' THEN 'withdrawn'
            WHEN request.kind = 'list' AND list.id IS NULL THEN 'gone'
            WHEN lower(contact.email) <> lower(request.address) THEN 'other_address'
            WHEN request.expires_at <= %(now)s THEN 'expired' END
FROM message
JOIN confirmation_request AS request ON request.id = message.iteration AND request.contact_id = message.contact_id
JOIN contact ON contact.id = request.contact_id
LEFT JOIN subscription_list AS list ON list.id = request.list_id
WHERE message.id = %(message_id)s AND message.journey_id = 0
