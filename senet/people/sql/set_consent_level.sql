-- Give a contact a consent level, if that changes anything.
-- Reads: nothing. Writes: contact. Locks: the contact. Index: contact_pkey.
UPDATE contact SET consent_level = %(level)s, updated_at = %(now)s
WHERE id = %(contact_id)s AND consent_level <> %(level)s
