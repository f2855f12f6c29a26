"""The outbox: one row a person × email tile × iteration, from queued to delivered, bounced, blocked or failed.

In: cohorts from email tiles (`actions.enqueue_cohort`), claims and results from senders. Out: claimed messages, the
state and reason of each message, and its interactions in the log. The life of a message is declared in `states.py`.
`limits.py` says how often and when people get bulk mail.
Tables: message, message_queue, message_terms, message_link, sender, pace, suppression, suppression_change, mail_quota,
sending_limit. Process: worker (enqueues), sender (claims, records), app (lists).
"""
