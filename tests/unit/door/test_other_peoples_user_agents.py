"""User agents that others have collected: robots of crawler-user-agents (MIT), people of fake-useragent (Apache).

The rules in `senet/door/visitors.py` say what a robot's name looks like. They were mended by looking at this list,
but hold words and forms instead of its names, and what it gains with each release is new to them. `pytest -s` prints
how many of each are told for what they are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from senet.door.visitors import judge


@cache
def list_robots() -> Sequence[str]:
    """Every example of a robot that has been seen."""
    known = json.loads((files("crawleruseragents") / "crawler-user-agents.json").read_text(encoding="utf-8"))
    return [agent for each in known for agent in each["instances"]]


@cache
def list_readers() -> Sequence[str]:
    """A sample of browsers in real traffic, on telephones, tablets and desks."""
    lines = (files("fake_useragent") / "data" / "browsers.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["useragent"].strip('"') for line in lines]


def test_a_reader_is_never_taken_for_a_robot() -> None:
    """A wrong «robot» costs a person's answer, and a wrong «human» costs a number: the first must not happen."""
    wrong = [(agent, judge(agent)) for agent in list_readers() if judge(agent)[0] in {"bot", "proxy"}]
    assert len(list_readers()) > 5_000
    assert wrong == []


def test_readers_are_told_for_what_they_are() -> None:
    found = Counter(judge(agent)[0] for agent in list_readers())
    share = found["human"] / found.total()
    print(f"\n{found.total()} readers: {share:.1%} human, {dict(found)}")  # noqa: T201  -s shows it
    assert share >= 0.999


def test_robots_are_told_for_what_they_are_and_hardly_one_for_a_reader() -> None:
    found = Counter(judge(agent)[0] for agent in list_robots())
    robots = found["bot"] + found["proxy"]
    readers = Counter(judge(agent)[0] for agent in list_readers())
    precision = found["bot"] / (found["bot"] + readers["bot"])
    print(  # noqa: T201  -s shows it
        f"\n{found.total()} robots: recall {robots / found.total():.1%}, precision {precision:.2%},"
        f" taken for readers {found['human'] / found.total():.1%}, undecided {found['unknown'] / found.total():.1%}"
    )
    assert found.total() > 2_000
    assert robots / found.total() >= 0.85
    assert found["human"] / found.total() <= 0.04
    assert precision >= 0.999
