"""Journeys and lives drawn by lot, for comparing the engine with the reference model.

A new kind of tile is a line in `KINDS` and a case in `draw_properties`; the model says what it does.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.support.journeys import START
from tests.support.reference_model import ENTRANCES, TYPES, ways

PEOPLE, SEGMENTS, LISTS, EMAILS, FORMS = 6, 3, 2, 2, 2
COMPANY = {0: 0, 1: 0, 2: 0, 3: 1, 4: 1, 5: None}  # of each person
PROTECTED = {0: frozenset({1}), 1: frozenset[int]()}  # channel → whom its compliance column protects
SUPPRESSION = SEGMENTS  # the segment after those of the audiences
LINKS = ("https://a.example/", "https://b.example/", "https://a.example/")  # of every email
SAME_URL = {1: (1, 3), 2: (2,), 3: (1, 3)}
MOST_TILES = 12
KINDS = {  # how often each is drawn
    "email": 4, "wait_for": 3, "wait_until": 2, "if_then": 8, "split": 2, "task": 1, "phone_call": 1, "appointment": 1,
    "create_lead": 1, "run_workflow": 1, "custom_channel": 2, "update_column": 2, "page": 1, "form": 2, "exit": 1,
}  # fmt: skip
ANSWERING = ("email", "form", "custom_channel")  # if/then tiles may ask about them
ALONE = ("exit",)  # only where nobody is in two places at once: else it is a matter of luck which comes first
INTERACTIONS = (
    *("EmailOpened",) * 3, *("EmailClicked",) * 4, "EmailDelivered", "EmailHardBounced", "EmailSoftBounced",
    "EmailSent", "FormSubmitted", "FormSubmitted", "FormVisited",
)  # fmt: skip
_SHOP = {"weekdays": [0, 1, 2, 3, 4], "times": [{"start": "09:00", "end": "17:00"}]}
_LATE = {"weekdays": [], "times": [{"start": "00:30", "end": "02:00"}, {"start": "20:15", "end": "24:00"}]}
WINDOWS = st.sampled_from([None, None, None, None, _SHOP, _LATE, {"weekdays": [5], "times": []}])
EVENTS = {  # how often each happens
    "tick": 14, "interact": 14, "respond": 3, "join": 4, "leave": 4, "consent": 3, "transfer": 2, "move": 2,
    "delete": 1, "set_content_settings": 2, "stop": 1, "resume": 3, "edit": 2, "publish": 3, "cancel_edit": 1,
}  # fmt: skip
MINUTES = (0, 1, 30, 60, 60, 300, 720, 1440, 1440, 4320)
Json = dict[str, Any]
Draw = Any  # hypothesis' own
Event = tuple[Any, ...]  # what happens, and to what


@dataclass(frozen=True)
class Drawing:
    """A journey before it is drawn for real: segments, lists and emails are numbers from 0."""

    tiles: Mapping[int, Json]
    settings: Mapping[str, Any]

    def __repr__(self) -> str:
        """Say it in the builders' words."""
        lanes = [_say(self.tiles, tile["id"], set()) for tile in self.tiles.values() if tile["kind"] in ENTRANCES]
        settings = ", ".join(f"{name}={value}" for name, value in self.settings.items() if value not in (None, False))
        return "\n".join(["world.draw(", *(f"    {lane}," for lane in lanes), f"    {settings},", ")"])


def _say(tiles: Mapping[int, Json], tile_id: int | None, said: set[int]) -> str:
    if tile_id is None:
        return "None"
    if tile_id in said:
        return f"tile({tile_id})"
    said.add(tile_id)
    tile = tiles[tile_id]
    words = ", ".join(
        f"{name}={value!r}"
        for name, value in tile.items()
        if name not in {"id", "kind", "next", "yes", "no", "branches"}
    )
    if tile["kind"] == "if_then":
        lanes = f"yes={_say(tiles, tile['yes'], said)}, no={_say(tiles, tile['no'], said)}"
        return f"if_then({words}, {lanes})"
    if tile["kind"] == "split":
        lanes = ", ".join(f"({each['amount']}, {_say(tiles, each['next'], said)})" for each in tile["branches"])
        return f"split({lanes}, {words})"
    following = f" >> {_say(tiles, tile['next'], said)}" if tile.get("next") is not None else ""
    return f"{tile['kind']}({words}){following}"


@dataclass
class _Pencil:
    """Draws one journey, tile after tile, until there is no more paper."""

    draw: Draw
    alone: bool  # one entrance: nobody is in two places at once
    target: str

    def __post_init__(self) -> None:
        self.ids = itertools.count(1)
        self.tiles: dict[int, Json] = {}

    def begin(self, kind: str, sources: list[Json]) -> Json:
        tile: Json = {"id": next(self.ids), "kind": kind}
        tile |= draw_properties(self.draw, kind, sources, alone=self.alone, target=self.target)
        match kind:  # what is not to be edited
            case "email":
                tile["elements"] = [{"kind": "form", "record_id": 0}]
            case "form" | "form_submitted":
                tile["form_id"] = self.draw(st.integers(0, FORMS - 1))
            case "page":
                tile["page_id"] = 1
        self.tiles[tile["id"]] = tile
        return tile

    def lane(self, sources: list[Json]) -> int | None:
        """Draw a lane, whose if/then tiles may ask about these tiles; return where it begins."""
        if len(self.tiles) >= MOST_TILES:
            return None
        possible = [kind for kind in KINDS if (kind != "if_then" or sources) and (kind not in ALONE or self.alone)]
        kinds: list[str | None] = [kind for kind in possible for _ in range(KINDS[kind])]
        kind = self.draw(st.sampled_from([None, *kinds]))
        if kind is None:
            return None
        tile = self.begin(kind, sources)
        match kind:
            case "if_then":
                tile["yes"], tile["no"] = self.lane(sources), self.lane(sources)
            case "split":
                for branch in tile["branches"]:
                    branch["next"] = self.lane(sources)
            case "exit":
                pass
            case _:
                tile["next"] = self.lane([*sources, tile] if kind in ANSWERING else sources)
        return int(tile["id"])

    def entrance(self) -> None:
        kind = self.draw(st.sampled_from(["audience", "audience", "audience", "form_submitted", "record_updated"]))
        tile = self.begin(kind, [])
        tile["next"] = self.lane([])

    def join_lanes(self) -> None:
        """Let some lanes that end lead on to a tile elsewhere."""
        for tile in self.tiles.values():
            for place, way in enumerate(ways(tile)):
                if way is None and self.draw(st.integers(0, 3)) == 3:
                    free = [each for each in self.tiles if self._may_lead(tile["id"], each)]
                    if free:
                        _lead(tile, place, self.draw(st.sampled_from(free)))

    def _may_lead(self, start: int, end: int) -> bool:
        return self.tiles[end]["kind"] not in {"audience", "form_submitted"} and start not in reach(self.tiles, end)


def reach(tiles: Mapping[int, Json], start: int) -> set[int]:
    """Return a tile and all to which its ways lead."""
    found: set[int] = set()
    ahead: list[int | None] = [start]
    while ahead:
        tile = ahead.pop()
        if tile is not None and tile not in found:
            found.add(tile)
            ahead += ways(tiles[tile])
    return found


def _lead(tile: Json, place: int, target: int) -> None:
    match tile["kind"]:
        case "if_then":
            tile[("yes", "no")[place]] = target
        case "split":
            tile["branches"][place]["next"] = target
        case _:
            tile["next"] = target


def draw_properties(draw: Draw, kind: str, sources: list[Json], *, alone: bool, target: str) -> Json:
    """Draw the settings of a tile of a kind; `sources` are the tiles that if/then tiles may ask about."""
    drawn: Json = {}
    each = st.sampled_from(["contact", "company", "company"] if target == "company" else ["contact"])
    match kind:
        case "audience":
            drawn = _draw_audience(draw)
        case "record_updated":
            drawn = {"entity": "contact", "event": "update", "column": "city"}
        case "email":
            expires_at = draw(st.sampled_from([None, None, None, _local(30), _local(100)]))
            email = draw(st.integers(0, EMAILS - 1))
            drawn = {"email_id": email, "schedule": draw(WINDOWS), "expires_at": expires_at}
            drawn["ab_test_id"] = draw(st.sampled_from([None, None, None, None, 1]))
        case "wait_for":
            drawn = {"duration": _draw_duration(draw), "restriction": draw(WINDOWS)}
        case "wait_until":
            at = draw(st.sampled_from([_local(hours) for hours in (-5, 1, 24, 70, 200)]))
            drawn = {"at": at, "restriction": draw(WINDOWS)}
        case "if_then":
            rules = draw(st.lists(st.sampled_from(sources).flatmap(_rules), min_size=1, max_size=3))
            logic = draw(st.sampled_from(["or", "and"]))
            drawn = {"rules": rules, "logic": logic, "timeout": _draw_duration(draw), "based_on": draw(each)}
        case "split":
            by = draw(st.sampled_from(["percentage", "value"]))
            amount = st.sampled_from([1, 2, 3] if by == "value" else [10, 30, 50])
            amounts = draw(st.lists(amount, min_size=1, max_size=2))
            drawn = {"by": by, "branches": [{"amount": amount} for amount in [*amounts, None]]}
        case "task" | "phone_call":
            drawn = {"subject": draw(st.sampled_from(["Call", "Write"])), "create_for": draw(each)}
        case "appointment":
            times: Json = {"start_after": _draw_duration(draw), "length": {"amount": 1, "unit": "hours"}}
            drawn = {"subject": "Meet", "create_for": draw(each), **times}
        case "create_lead":
            drawn = {"create_for": draw(each), "last_name_placeholder": "Somebody"}
        case "run_workflow":
            drawn = {"workflow_id": 0, "launch_for": draw(each)}
        case "custom_channel":
            drawn = {"channel_id": draw(st.sampled_from(sorted(PROTECTED)))}
        case "update_column":
            consents = [("consent_level", 2), ("consent_level", 5)] if alone else []
            columns = st.sampled_from([("language", "de"), ("language", "fr"), *consents])
            drawn = dict(zip(("column", "value"), draw(columns), strict=True))
    return drawn


def _local(hours: int) -> str:
    return (START.replace(tzinfo=None) + timedelta(hours=hours)).isoformat(timespec="minutes")


def _draw_audience(draw: Draw) -> Json:
    lists = st.builds(_source, st.just("list"), st.integers(0, LISTS - 1))
    segments = st.builds(_source, st.just("segment"), st.integers(0, SEGMENTS - 1))
    out = st.builds(_source, st.just("segment"), st.integers(0, SEGMENTS - 1), st.just("exclude"))
    included = draw(st.lists(st.one_of(segments, lists), min_size=1, max_size=2, unique_by=str))
    excluded = draw(st.sampled_from([0, 0, 1])) * [draw(out)]
    return {"sources": [*included, *excluded], "merge": draw(st.sampled_from(["union", "union", "intersection"]))}


def _source(kind: str, number: int, containment: str = "include") -> Json:
    return {"kind": kind, "id": number, "containment": containment}


ANSWERS: st.SearchStrategy[Json] = st.sampled_from(  # of a channel; a rule that names no keyword asks for any
    [
        {"response": "delivered", "keyword": None}, {"response": "refused", "keyword": None},
        {"response": "answer", "keyword": "yes"}, {"response": "answer", "keyword": "no"},
    ]
)  # fmt: skip


def _rules(source: Json) -> st.SearchStrategy[Json]:
    """What an if/then tile may ask about an email, or about a form that somebody passes."""
    mail = st.sampled_from(["opened", "clicked", "clicked_link", "delivered", "soft_bounced"])
    on_form = st.sampled_from(["form_submitted", "form_visited"])
    if source["kind"] == "custom_channel":
        return ANSWERS.map(lambda answer: {"source": source["id"], "condition": "responded", **answer})
    form = source.get("form_id", 0)
    condition = st.one_of(mail, mail, on_form) if source["kind"] == "email" else on_form
    return st.builds(
        lambda condition, link: {
            "source": source["id"],
            "condition": condition,
            "link": link if condition == "clicked_link" else None,
            "element_id": form if condition.startswith("form") else None,
        },
        condition,
        st.integers(1, len(LINKS)),
    )


def _draw_duration(draw: Draw) -> Json:
    amount, unit = draw(st.sampled_from([(1, "hours"), (1, "days"), (3, "days")]))
    return {"amount": amount, "unit": unit}


@st.composite
def drawings(draw: Draw) -> Drawing:
    """A journey that passes the check for errors."""
    entrances = draw(st.sampled_from([1, 1, 2, 3]))
    target = draw(st.sampled_from(["contact", "contact", "company"]))
    pencil = _Pencil(draw, alone=entrances == 1, target=target)
    for _ in range(entrances):
        pencil.entrance()
    pencil.join_lanes()
    recurring = draw(st.sampled_from([False, False, False, False, True]))
    minimum_consent = draw(st.sampled_from([0, 3]))
    end_days = draw(st.sampled_from([None, None, None, 4, 9]))
    settings = {
        "start_at": START + timedelta(hours=draw(st.sampled_from([0, 0, 0, 30]))),
        "end_at": None if end_days is None or recurring else START + timedelta(days=end_days),
        "time_zone": draw(st.sampled_from(["UTC", "America/New_York"])),
        "target": target,
        "scope": draw(st.sampled_from(["organization", "organization", "business_unit"])),
        "minimum_consent": minimum_consent,
        "suppression": draw(st.sampled_from([None, SUPPRESSION])),
        "is_recurring": recurring,
        "interval_days": draw(st.integers(1, 4)) if recurring else None,
        "iteration_count": draw(st.integers(1, 3)) if recurring else None,
    }
    return Drawing(pencil.tiles, settings)


@st.composite
def edits(draw: Draw, drawing: Drawing) -> Event:
    """A change of the settings of some tiles."""
    changed = draw(st.lists(st.sampled_from(sorted(drawing.tiles)), min_size=1, max_size=3, unique=True))
    alone = sum(tile["kind"] in ENTRANCES for tile in drawing.tiles.values()) == 1
    tiles = {}
    for tile_id in changed:
        tile = drawing.tiles[tile_id]
        if tile["kind"] != "split":  # shares that change have no total that one could check
            sources = [each for each in drawing.tiles.values() if _is_source(drawing, each, tile_id)]
            target = drawing.settings["target"]
            tiles[tile_id] = draw_properties(draw, tile["kind"], sources, alone=alone, target=target)
    return ("edit", tiles)


def _is_source(drawing: Drawing, tile: Json, asker: int) -> bool:
    return tile["kind"] in ANSWERING and tile["id"] != asker and asker in reach(drawing.tiles, tile["id"])


def events(drawing: Drawing) -> st.SearchStrategy[list[Event]]:
    """What happens to people and to a journey, moment after moment."""
    person = st.integers(0, PEOPLE - 1)
    audience = st.sampled_from([("segment", number) for number in range(SEGMENTS + 1)] + [("list", 0), ("list", 1)])
    by = st.sampled_from(["centre", "one_click", "user", "rule"])
    mails = [tile["id"] for tile in drawing.tiles.values() if tile["kind"] == "email"]
    channels = [tile["id"] for tile in drawing.tiles.values() if tile["kind"] == "custom_channel"]
    link = st.integers(1, len(LINKS))
    anything = st.tuples(st.sampled_from(INTERACTIONS), st.sampled_from(mails or [1]), link)
    arguments: dict[str, tuple[st.SearchStrategy[Any], ...]] = {
        "tick": (st.sampled_from(MINUTES), st.sampled_from([1, 2, 3, 1000])),  # minutes later, size of chunks
        "interact": (
            st.one_of(anything, _asked_for(drawing)),
            st.one_of(person.map(lambda each: [each]), st.just(list(range(PEOPLE)))),
            st.sampled_from([None, "human", "bot"]), st.sampled_from([0, 0, 30, 1500]), st.sampled_from([0, 0, 0, 1]),
        ),  # type, email and link, by whom, verdict, minutes ago, iterations ago
        "respond": (
            st.sampled_from(channels or [1]), person, ANSWERS, st.sampled_from([0, 0, 30, 1500]),
            st.sampled_from([0, 0, 0, 1]),
        ),  # tile, by whom, what, minutes ago, iterations ago
        "transfer": (person, st.booleans()),
        "join": (audience, person, by),
        "leave": (audience, person, by),
        "consent": (person, st.sampled_from([2, 3, 4])),
        "move": (person,),
        "delete": (person,),
        "set_content_settings": (st.booleans(),),
        "stop": (),
        "resume": (st.booleans(),),
        "publish": (),
        "cancel_edit": (),
    }  # fmt: skip

    def one(name: str) -> st.SearchStrategy[Event]:
        return edits(drawing) if name == "edit" else st.tuples(st.just(name), *arguments[name])

    each = st.sampled_from([name for name, weight in EVENTS.items() for _ in range(weight)]).flatmap(one)
    return st.integers(0, 40).flatmap(lambda count: st.lists(each, min_size=count, max_size=count))


def _asked_for(drawing: Drawing) -> st.SearchStrategy[tuple[str, int, int]]:
    """What some if/then tile waits for, or some entrance."""
    rules = [rule for tile in drawing.tiles.values() if tile["kind"] == "if_then" for rule in tile["rules"]]
    rules = [rule for rule in rules if rule["condition"] != "responded"]
    found = [(TYPES[rule["condition"]], rule["source"], rule["link"] or rule["element_id"] or 1) for rule in rules]
    found += [
        ("FormSubmitted", 1, tile["form_id"]) for tile in drawing.tiles.values() if tile["kind"] == "form_submitted"
    ]
    return st.sampled_from(found) if found else st.nothing()


_some = st.tuples(*[st.booleans()] * PEOPLE).map(lambda each: frozenset(itertools.compress(range(PEOPLE), each)))
MEMBERS = st.fixed_dictionaries(
    {("segment", number): _some for number in range(SEGMENTS)}
    | {("list", number): _some for number in range(LISTS)}
    | {("segment", SUPPRESSION): st.frozensets(st.integers(0, PEOPLE - 1), max_size=1)}
)
