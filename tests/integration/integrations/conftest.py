"""Calls are made outside transactions, so these tests commit, and empty the tables themselves."""

from __future__ import annotations

from tests.integration.journeys.conftest import committed, world

__all__ = ["committed", "world"]
