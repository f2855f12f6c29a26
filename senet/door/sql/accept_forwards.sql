-- Take addresses to send a message on to, as far as the caps allow: so many of a message in all and of all messages of
-- its recipient in a day, and so many to an address in a day from anybody. Who refuses mail gets none, and nobody is told.
-- Reads: forwarded_mail, message, contact. Writes: forwarded_mail. Locks: the message, so that two forms do not pass a
-- cap together. Index: forwarded_mail_message_id_address_mark_key, forwarded_mail_mark, message_contact_queued, contact email.
WITH forwarding AS MATERIALIZED (
    SELECT id, contact_id FROM message WHERE id = %(message_id)s FOR NO KEY UPDATE
), room AS (
    SELECT least(
        %(message_cap)s - (SELECT count(*) FROM forwarded_mail WHERE message_id = %(message_id)s),
        %(person_cap)s - (SELECT count(*) FROM forwarded_mail JOIN message ON message.id = forwarded_mail.message_id
                          WHERE message.contact_id = forwarding.contact_id
                            AND asked_at > %(now)s - interval '1 day')) AS places
    FROM forwarding
), asked AS (
    SELECT address, mark, row_number() OVER (ORDER BY place) AS number
    FROM unnest(%(addresses)s::text[], %(marks)s::bytea[]) WITH ORDINALITY AS asked (address, mark, place)
    WHERE NOT EXISTS (SELECT FROM forwarded_mail WHERE message_id = %(message_id)s AND address_mark = mark)
      AND (SELECT count(*) FROM forwarded_mail
           WHERE address_mark = mark AND asked_at > %(now)s - interval '1 day') < %(address_cap)s
      AND NOT EXISTS (SELECT FROM contact WHERE lower(contact.email) = asked.address
                        AND (contact.do_not_email OR contact.do_not_bulk_email))
)
INSERT INTO forwarded_mail (message_id, address, address_mark, asked_at)
SELECT %(message_id)s, address, mark, %(now)s FROM asked, room WHERE number <= places
ON CONFLICT DO NOTHING
RETURNING id
