-- Find whose email a version is. Reads: email_version, email. Writes: nothing. Locks: none. Index: their keys.
SELECT email.business_unit_id FROM email_version JOIN email ON email.id = email_version.email_id
WHERE email_version.id = %(version_id)s
