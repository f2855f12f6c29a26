"""Readers of the demo are the same people every time, and call nothing but the door."""

from __future__ import annotations

from senet.demo.audience import read_form
from senet.demo.personas import plan_visits
from senet.demo.store import ReadMessage

DOOR = "http://door.test"


def message(number: int) -> ReadMessage:
    headers = [("Message-ID", f"<{number}@x>"), ("List-Unsubscribe", f"<{DOOR}/u/t{number}>")]
    links = [f"{DOOR}/r/a{number}", f"{DOOR}/r/b{number}", "https://elsewhere.test/x", f"{DOOR}/c/c{number}"]
    return ReadMessage(headers, "Hi", "", "", links, [f"{DOOR}/o/{number}", "https://elsewhere.test/pixel.gif"])


def visits_of(count: int) -> list[tuple[str, list[str]]]:
    plans = []
    for number in range(count):
        plan = plan_visits(f"p{number}@x", message(number), door_url=DOOR, delay_seconds=45)
        plans.append((f"p{number}@x", [f"{visit.act} {visit.url}" for visit in plan]))
    return plans


def test_the_same_message_makes_the_same_visits() -> None:
    assert visits_of(50) == visits_of(50)


def test_only_the_doors_own_addresses_are_called() -> None:
    urls = [visit.split()[1] for _, plan in visits_of(500) for visit in plan]
    assert urls
    assert all(url.startswith(f"{DOOR}/") for url in urls)


def test_the_shares_look_like_a_newsletters() -> None:
    plans = visits_of(3000)
    opened = sum(any(visit.startswith("open") for visit in plan) for _, plan in plans) / 3000
    clicked = sum(any(visit.startswith("click") for visit in plan) for _, plan in plans) / 3000
    left = sum(any(visit.startswith(("unsubscribe", "centre")) for visit in plan) for _, plan in plans) / 3000
    assert 0.4 < opened < 0.65
    assert 0.1 < clicked < 0.3
    assert 0.002 < left < 0.03


def test_a_form_is_read_without_its_ticks() -> None:
    html = (
        '<form action="/search"><input name="q"></form><form method="POST" action="save?a=1&amp;b=2">'
        '<input type="hidden" name="csrf" value="x&quot;y"><input type=checkbox name=list value=3 checked></form>'
    )
    assert read_form(html, f"{DOOR}/c/token") == (f"{DOOR}/c/save?a=1&b=2", {"csrf": 'x"y'})
    assert read_form("<p>No form</p>", DOOR) is None
