"""The public side: beacons, links, one-click unsubscribe, the subscription centre, and what mails show.

Comes in: requests of strangers, with tokens that we signed. Goes out: redirects to stored links, opens, clicks and
unsubscribes in the log; assets, QR codes, calendar files and messages as pages. Tables: `door_spool`; it reads message,
email_link, message_link, contact, lists, assets and calendar events. Process: the door. It works without ClickHouse;
without PostgreSQL it redirects to the links it knows and keeps what happened in a file until PostgreSQL is back.
"""
