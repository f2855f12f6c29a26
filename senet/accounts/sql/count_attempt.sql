-- Count one attempt to sign in; a window that is over starts anew. Beyond the limit the count stands still, so that
-- somebody who keeps trying is let in again when the window ends.
-- Writes: sign_in_attempts. Locks: one row.
INSERT INTO sign_in_attempts AS kept (subject, attempts, since) VALUES (%(subject)s, 1, %(now)s)
ON CONFLICT (subject) DO UPDATE SET
    attempts = CASE WHEN kept.since <= %(window_start)s THEN 1 ELSE least(kept.attempts, %(limit)s) + 1 END,
    since = CASE WHEN kept.since <= %(window_start)s THEN %(now)s ELSE kept.since END
RETURNING attempts, since
