"""One short file a process: app, web, worker, sender, door, shipper, mailbox, and `up`, which keeps them all alive.

Comes in: settings. Goes out: running processes, `/healthz`, `/metrics`. Tables: `process_heartbeat` (who is alive, as
each process says itself every second). Rooms hand in functions; what runs when is decided here.
"""
