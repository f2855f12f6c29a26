"""Sending: takes due messages from the outbox, renders them, hands them to a provider and notes what became of them.

In: claimed messages (`messages.actions.claim_batch`), published emails, contacts. Out: mails; results in the outbox.
A provider is a port (`ports.MailClient`): our pipelining SMTP client (`smtp/`) or its in-memory twin (`memory.py`).
Mails that come back are read in `returns/`.
Tables: returned_mail. Process: sender (as many as wanted, on as many hosts); bounces; the app sends tests.
"""
