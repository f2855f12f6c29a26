"""The engines that come with Senet, for machines where nothing else is installed.

Comes in: a data folder. Goes out: a running PostgreSQL on a Unix socket in that folder, its URL, the ClickHouse
folder's URL, and the installation's secret key. Tables: none. Process: `senet up`, or a command that runs alone.
"""
