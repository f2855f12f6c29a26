-- List the senders that run, or ran, on a host. Reads: sender. Writes: nothing. Locks: none. Index: none (a small table).
SELECT id, pid, process_started FROM sender WHERE host = %(host)s
