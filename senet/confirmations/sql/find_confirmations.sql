-- Find what some confirmation mails ask, of those whose question still waits.
-- Reads: message, confirmation_request. Writes: nothing. Locks: none. Index: message_pkey, confirmation_request_pkey.
SELECT message.id, request.kind, request.object_name, coalesce(request.consent_level::text, ''), request.object_description
FROM message
JOIN confirmation_request AS request ON request.id = message.iteration AND request.contact_id = message.contact_id
WHERE message.id = ANY (%(ids)s::bigint[]) AND message.journey_id = 0 AND request.state = 'waiting'
