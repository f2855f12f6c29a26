"""Puts the rooms' routers together under /api/v1: who may come in, one error envelope, OpenAPI.

In: HTTP requests. Out: JSON, CSV. Owns no table. Runs in the app's process.
"""
