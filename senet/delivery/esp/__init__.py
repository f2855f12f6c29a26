"""Email service providers by their APIs, through django-anymail: sending (`client`), and their webhooks (`webhooks`).

In: rendered messages; signed webhooks that the door hands on. Out: outcomes; reports in the outbox. A provider takes a
message over and tells later what came of it, so a message stays `sent` until its webhook comes.
"""
