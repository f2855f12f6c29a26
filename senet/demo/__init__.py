"""The demo: a small world to look at, and the mailbox and audience that make it move.

In: the public actions of the rooms below. Out: seed data (`seed`), an SMTP server on loopback whose page shows what it
took (`mailbox`), and people who open, click and unsubscribe through the real door (`audience`). No tables of its own.
Process: `senet mailbox` runs mailbox and audience; the seed runs inside `senet up --demo`.
"""
