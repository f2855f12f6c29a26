-- Count queued messages, those of them that the queue does not have, and what the queue has besides them.
-- Reads: message, message_queue. Writes: nothing. Locks: none. Index: none.
SELECT count(queued.id), count(queued.id) FILTER (WHERE message_queue.message_id IS NULL),
       count(*) FILTER (WHERE queued.id IS NULL)
FROM (SELECT id FROM message WHERE state = 'queued') AS queued
    FULL JOIN message_queue ON message_queue.message_id = queued.id
