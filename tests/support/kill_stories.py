"""What stories share that are told twice, calmly and by workers that die: who tells them, where their people live."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import pytest

from tests.support.journeys import World
from tests.support.kills import Killer
from tests.support.people import make_contacts_at

BLOCK = 1024  # contact ids are called in by blocks of so many


class Driver(Protocol):
    """Who does the work: here and calmly, or by workers that die."""

    def act(self, work: str, now: Any, **arguments: Any) -> None: ...

    def tick(self, now: Any, **arguments: Any) -> None: ...


def make_people(first_block: int) -> list[int]:
    """Make twelve contacts in two blocks of ids, so that an audience of them is called in by two stretches."""
    return make_contacts_at([BLOCK * block + n for block in (first_block, first_block + 2) for n in range(6)])


@pytest.fixture
def killer(world: World) -> Iterator[Killer]:
    started = Killer()
    yield started
    started.close()
