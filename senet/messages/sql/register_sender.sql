-- Note that a sender process runs. Reads: nothing. Writes: sender. Locks: a new row. Index: none.
INSERT INTO sender (host, pid, process_started, started_at, alive_until)
VALUES (%(host)s, %(pid)s, %(process_started)s, %(now)s, %(alive_until)s)
RETURNING id
