-- Forget the addresses of mails that were sent on, after their time. Reads and writes: forwarded_mail, message.
-- Locks: the rows. Index: forwarded_mail_kept, message_pkey.
WITH forgotten AS (
    UPDATE forwarded_mail SET address = NULL, state = CASE state WHEN 'waiting' THEN 'failed' ELSE state END
    WHERE address IS NOT NULL AND asked_at < %(before)s
    RETURNING new_message_id
)
UPDATE message SET address = '' FROM forgotten WHERE message.id = forgotten.new_message_id
