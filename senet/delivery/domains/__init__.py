"""Sending domains: their DKIM keys, the DNS records to publish, whether these are there, and who signs.

In: what an administrator sets. Out: signatures on rendered messages (`signing`, `keyring`), return paths, and blocks
for domains that nobody here owns. Tables: sending_domain. Process: sender (signs), app (keeps keys, asks DNS).
"""
