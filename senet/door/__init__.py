"""The public side: beacons, links, unsubscribing, the subscription centre, confirming, forwarding, what mails show.

Comes in: requests of strangers, with tokens that we signed. Goes out: redirects to stored links, opens, clicks and
unsubscribes in the log, also of the link that no reader sees; mails to friends; assets, QR codes, calendar files and
messages as pages. Tables: `door_spool`, `forwarded_mail`; it reads message, email_link, message_link, contact, lists,
assets and calendar events. Processes: the door; the worker sends what is forwarded. It works without ClickHouse;
without PostgreSQL it redirects to the links it knows and keeps what happened in a file until PostgreSQL is back.
"""
