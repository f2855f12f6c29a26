-- Set the language that a contact is written to in, if that changes anything.
-- Reads: nothing. Writes: contact. Locks: the contact. Index: contact_pkey.
UPDATE contact SET language = %(language)s, updated_at = now()
WHERE id = %(contact_id)s AND language <> %(language)s
