-- Say whether one of some emails is commercial, and so obeys do-not-bulk-email. Unpublished ones count as commercial.
-- Reads: email, email_version. Writes: nothing. Locks: none. Index: their keys.
SELECT coalesce(bool_or(coalesce(version.compiled->>'legal_designation', '') <> 'transactional'), true)
FROM email LEFT JOIN email_version AS version ON version.id = email.live_version_id
WHERE email.id = ANY (%(emails)s::bigint[])
