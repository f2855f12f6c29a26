-- Queue claimed messages again for the slots that their recipients' domains have free.
-- Reads: nothing. Writes: message. Locks: the messages. Index: message_pkey.
UPDATE message SET state = 'queued', claim = NULL, due_at = slot.due_at, reason = 'domain_rate'
FROM unnest(%(ids)s::bigint[], %(dues)s::timestamptz[]) AS slot (id, due_at)
WHERE message.id = slot.id AND message.claim = %(sender)s AND message.state = 'sending'
