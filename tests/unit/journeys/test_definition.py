"""The drawn graph: how it is read and what it knows about itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from senet.journeys.definition import Definition, read_definition
from senet.journeys.tiles import REGISTRY, WaitUntilTile
from senet.journeys.tiles.base import Duration
from senet.shared.errors import InvalidInput


def draw(*tiles: dict[str, Any]) -> Definition:
    return read_definition({"tiles": list(tiles)})


def test_a_definition_survives_being_stored() -> None:
    drawn = draw(
        {"id": 1, "kind": "audience", "sources": [{"kind": "segment", "id": 12}], "next": 2},
        {"id": 2, "kind": "if_then", "rules": [{"source": 1, "condition": "clicked_link", "link": 3}], "yes": 3},
        {"id": 3, "kind": "split", "by": "value", "branches": [{"amount": 10}, {"label": "Rest"}]},
    )
    assert read_definition(drawn.as_json()) == drawn


def test_each_tile_comes_after_all_that_lead_to_it() -> None:
    drawn = draw(
        {"id": 5, "kind": "task"},
        {"id": 4, "kind": "task", "next": 5},
        {"id": 3, "kind": "task", "next": 5},
        {"id": 2, "kind": "split", "branches": [{"next": 3}, {"next": 4}]},
        {"id": 1, "kind": "audience", "next": 2},
    )
    place = {tile: at for at, tile in enumerate(drawn.order)}
    assert all(place[a] < place[b] for a, followers in drawn.followers.items() for b in followers)
    assert drawn.find_ancestors(5) == {1, 2, 3, 4}
    assert drawn.find_reachable() == {1, 2, 3, 4, 5}


def test_the_shape_ignores_settings_and_notices_joints() -> None:
    one = draw({"id": 1, "kind": "task", "subject": "A"}, {"id": 2, "kind": "task"})
    renamed = draw({"id": 1, "kind": "task", "subject": "B"}, {"id": 2, "kind": "task"})
    joined = draw({"id": 1, "kind": "task", "next": 2}, {"id": 2, "kind": "task"})
    assert one.shape == renamed.shape
    assert one.shape != joined.shape


def test_what_cannot_be_read_is_told_by_the_tiles_own_id() -> None:
    with pytest.raises(InvalidInput) as caught:
        draw({"id": 41, "kind": "wait_for", "duration": {"amount": 1, "unit": "moons"}}, {"id": 42, "kind": "nothing"})
    assert {problem.where for problem in caught.value.problems} == {"tiles.41.duration.unit", "tiles.42"}


def test_every_kind_of_tile_is_registered_under_its_own_name() -> None:
    assert {"audience", "email", "wait_for", "wait_until", "if_then", "split", "task"} <= set(REGISTRY)
    for kind, tile in REGISTRY.items():
        assert tile.__module__ == f"senet.journeys.tiles.{kind}"


@pytest.mark.parametrize(
    ("amount", "unit", "length", "text"),
    [
        (90, "minutes", timedelta(minutes=90), "90 minutes"),
        (1, "hours", timedelta(hours=1), "1 hour"),
        (3, "days", timedelta(days=3), "3 days"),
        (2, "weeks", timedelta(days=14), "2 weeks"),
    ],
)
def test_durations_are_read_as_people_say_them(amount: int, unit: Any, length: timedelta, text: str) -> None:
    duration = Duration(amount=amount, unit=unit)
    assert (duration.length, duration.text) == (length, text)


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        ("2026-07-01T09:00", datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        ("2026-12-01T09:00:59", datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # shown twice: the first
    ],
)
def test_local_times_follow_the_zones_clocks(local: str, moment: datetime) -> None:
    assert WaitUntilTile(id=1, at=local).moment(ZoneInfo("Europe/Berlin")) == moment
