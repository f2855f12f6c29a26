-- A successful sign-in: the account starts anew, the address gets its attempt back.
-- Writes: sign_in_attempts. Locks: two rows.
UPDATE sign_in_attempts SET attempts = CASE WHEN subject = %(account)s THEN 0 ELSE greatest(attempts - 1, 0) END
WHERE subject IN (%(account)s, %(address)s)
