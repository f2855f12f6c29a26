"""People and programs that sign in: users, roles, business units, sessions, API keys, and who may do what.

In: credentials, keys. Out: `Principal`, permission checks, the business units somebody sees.
Tables: senet_user, business_unit, api_key, sign_in_attempts, django_session. Runs in the app's process.
"""
