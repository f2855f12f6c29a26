-- Set whether a contact refuses bulk mail, if that changes anything.
-- Reads: nothing. Writes: contact. Locks: the contact. Index: contact_pkey.
UPDATE contact SET do_not_bulk_email = %(refused)s, updated_at = now()
WHERE id = %(contact_id)s AND do_not_bulk_email <> %(refused)s
