"""A rehearsal has a session of its own and sees only what is committed: the same database as in the journeys' tests."""

from tests.integration.journeys.conftest import committed, world

__all__ = ["committed", "world"]
