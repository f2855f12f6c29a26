"""The messages that follow a day: waits and splits decide exactly, conditions at most."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from senet.journeys.definition import Definition, read_definition
from senet.journeys.forecast import DAYS, forecast_messages
from senet.journeys.values import Forecast
from tests.support.journeys import Lane, audience, email, if_then, opened, split, task, wait, wait_until

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Json = dict[str, Any]


def draw(*lanes: Lane) -> Definition:
    ids = iter(range(1, 999))
    return read_definition({"tiles": [tile for lane in lanes for tile in lane.number(ids)]})


def forecast(*lanes: Lane, people: int = 1000, zone: str = "UTC", end_at: datetime | None = None) -> Forecast:
    definition = draw(*lanes)
    entering = {entrance.id: people for entrance in definition.entrances}
    return forecast_messages(definition, entering, zone=ZoneInfo(zone), at=NOON, end_at=end_at)


def by_day(found: Forecast) -> list[tuple[int, int, int]]:
    """Days from today, messages, at most."""
    return [((day.day - NOON.date()).days, day.messages, day.at_most) for day in found.days]


def test_an_email_that_nobody_waits_for_goes_out_today() -> None:
    found = forecast(audience(1) >> email(1) >> task() >> email(2))
    assert by_day(found) == [(0, 2000, 2000)]
    assert (found.messages, found.at_most, found.later) == (2000, 2000, None)
    assert [(tile.tile, tile.messages, tile.first_day) for tile in found.tiles] == [
        (2, 1000, NOON.date()),
        (4, 1000, NOON.date()),
    ]


def test_waits_put_messages_on_later_days() -> None:
    found = forecast(audience(1) >> email(1) >> wait(days=3) >> email(2) >> wait_until("2026-03-20T09:00") >> email(3))
    assert by_day(found) == [(0, 1000, 1000), (3, 1000, 1000), (18, 1000, 1000)]


def test_days_are_those_of_the_journeys_time_zone() -> None:
    assert by_day(forecast(audience(1) >> email(1), zone="Pacific/Kiritimati")) == [(1, 1000, 1000)]


def test_splits_share_people_out() -> None:
    lane = audience(1) >> split((20, email(1)), (30, wait(days=1) >> email(2)), (None, None))
    assert by_day(forecast(lane)) == [(0, 200, 200), (1, 300, 300)]
    by_value = audience(1) >> split((250, email(1)), (5000, email(2)), (None, email(3)), by="value")
    assert [tile.messages for tile in forecast(by_value).tiles] == [250, 750, 0]


def test_where_a_condition_decides_everybody_counts_as_at_most() -> None:
    lane = audience(1) >> email(1) >> if_then(opened(2), days=5, yes=email(2), no=email(3))
    found = forecast(lane)
    assert by_day(found) == [(0, 1000, 2000), (5, 0, 1000)]
    assert (found.messages, found.at_most) == (1000, 3000)
    assert [(tile.tile, tile.messages, tile.at_most) for tile in found.tiles] == [
        (2, 1000, 1000),
        (4, 0, 1000),
        (5, 0, 1000),
    ]


def test_nobody_gets_a_tiles_email_twice_though_two_ways_lead_there() -> None:
    tiles: list[Json] = [
        {"id": 1, "kind": "audience", "sources": [{"id": 1}], "next": 2},
        {"id": 2, "kind": "email", "email_id": 1, "next": 3},
        {
            "id": 3,
            "kind": "if_then",
            "rules": [{"source": 2, "condition": "opened"}],
            "timeout": {"amount": 2, "unit": "days"},
            "yes": 4,
            "no": 4,
        },
        {"id": 4, "kind": "email", "email_id": 2},
    ]
    found = forecast_messages(read_definition({"tiles": tiles}), {1: 10}, zone=ZoneInfo("UTC"), at=NOON, end_at=None)
    assert by_day(found) == [(0, 10, 20), (2, 0, 10)]
    assert [(tile.messages, tile.at_most) for tile in found.tiles] == [(10, 10), (0, 10)]


def test_what_comes_after_the_end_or_after_the_expiration_is_not_sent() -> None:
    lane = audience(1) >> wait(days=3) >> email(1)
    assert forecast(lane, end_at=NOON + timedelta(days=3)).at_most == 0
    assert forecast(lane, end_at=NOON + timedelta(days=4)).at_most == 1000
    lane.tile["sources"] = []
    lane.following.following.tile["expires_at"] = "2026-03-04T00:00"  # type: ignore[union-attr]  # three tiles
    assert forecast(lane).at_most == 0


def test_a_schedule_puts_messages_on_the_days_it_allows() -> None:
    lane = audience(1) >> email(1)
    lane.following.tile["schedule"] = {"weekdays": [4]}  # type: ignore[union-attr]  # two tiles
    assert by_day(forecast(lane)) == [(4, 1000, 1000)]


def test_several_entrances_add_up() -> None:
    assert by_day(forecast(audience(1) >> email(1), audience(2) >> wait(days=1) >> email(2))) == [
        (0, 1000, 1000),
        (1, 1000, 1000),
    ]


def test_days_far_ahead_are_added_up() -> None:
    lane = audience(1)
    for _ in range(DAYS + 5):
        lane = lane >> email(1) >> wait(days=1)
    found = forecast(lane, people=1)
    assert len(found.days) == DAYS
    assert found.later is not None
    assert (found.later.day, found.later.messages) == (date(2026, 3, 2) + timedelta(days=DAYS), 5)


def test_a_long_row_of_conditions_is_reckoned_in_no_time() -> None:
    """Each condition doubles the moments at which people may come; they are merged by the day."""
    tiles: list[Json] = [
        {"id": 1, "kind": "audience", "sources": [{"id": 1}], "next": 2},
        {"id": 2, "kind": "email", "email_id": 1, "next": 3},
    ]
    for number in range(3, 200):
        rule = {"source": 2, "condition": "opened"}
        timeout = {"amount": number * 7, "unit": "minutes"}
        tiles.append(
            {"id": number, "kind": "if_then", "rules": [rule], "timeout": timeout, "yes": number + 1, "no": number + 1}
        )
    tiles.append({"id": 200, "kind": "email", "email_id": 1})
    found = forecast_messages(read_definition({"tiles": tiles}), {1: 10}, zone=ZoneInfo("UTC"), at=NOON, end_at=None)
    assert found.tiles[-1].at_most == 10


def _lanes(depth: int) -> st.SearchStrategy[Lane | None]:
    if depth == 0:
        return st.none()
    following = _lanes(depth - 1)
    plain = st.sampled_from((lambda: email(1), task, lambda: wait(days=2), lambda: wait(hours=7)))
    straight = st.tuples(plain, following).map(lambda each: each[0]() >> each[1] if each[1] else each[0]())
    either = st.tuples(following, following).map(lambda each: if_then(opened(2), days=3, yes=each[0], no=each[1]))
    shares = st.tuples(st.integers(1, 99), following, following).map(
        lambda each: split((each[0], each[1]), (None, each[2]))
    )
    return st.none() | straight | either | shares


@given(_lanes(5), st.integers(0, 100_000))
def test_what_surely_follows_is_never_more_than_what_may(lane: Lane | None, people: int) -> None:
    found = forecast(audience(1) >> email(1) >> lane if lane else audience(1) >> email(1), people=people)
    assert found.tiles[0].messages == people
    for tile in found.tiles:
        assert 0 <= tile.messages <= tile.at_most <= people
    for day in found.days:
        assert day.messages <= day.at_most
    assert abs(_total(day.messages for day in found.days) - found.messages) <= len(found.days) + len(found.tiles)


def _total(numbers: Iterable[int]) -> int:
    return sum(numbers)
