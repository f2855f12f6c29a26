"""Contacts, companies and leads: who can be written to, what they agreed to, and how they come in and go out by CSV.

In: API calls and CSV files. Out: cards for templates, rows for segments, `ContactDeleted` interactions.
Tables: contact, company, lead, custom_column, import_run, import_rejection, record_watch, record_change. Runs in the
app, imports in the worker.
"""
