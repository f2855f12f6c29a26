"""A journey as one would explain it: person by person, row by row, with nothing remembered but what happened.

The engine moves sets and is fast; this moves one person at a time and is short. Both are told the same events, and
their ledgers must be the same. People, segments, lists, forms and emails are numbers from 0. Where the moment of an
effect depends on the tick, the rule stands here:

* Nothing moves between ticks, and all of a tick happens at its `now`, whatever the size of its chunks.
* A tick first brings the journey where it belongs (going live, the end, the next iteration), then reads what was
  written since the last one in the order in which it was written: joins and leaves, changed contacts, interactions.
  Only then does it call in who is to be called in, and lets go whose time is up.
* Who joined the suppression segment, left a targeted list by themselves, fell below the minimum consent or went to
  another business unit is stopped at the next tick, also while the journey stands still. Deletion acts when the person
  would leave a tile.
* Who was stopped goes on, where they stood, at the tick after the reason has gone; who unsubscribed never does.
* Who has done what an if/then tile asks, in time, leaves at the next tick; what is written late counts when it was done
  in time and the person is still there.
* The audience is asked as a whole when a version begins to run, when the journey resumes and with each iteration. From
  then on whoever joins a source, leaves an excluded one or changes their consent is asked anew.
* Submitted forms and changed records bring people in that were made since the journey went live, and are read while it
  runs.
* An iteration cuts off who still stands, even those whose time is up; at the end everybody stays where they stand.
* A version that goes live gives those who stand at a changed tile their new moment, counted from their own arrival. Who
  goes on after a stop waits as the tile is set then.
* Where a tile asks of companies, the time is the company's, counted from its first person; what one person does in that
  time sends all of them by yes, and whoever comes later goes as the company has decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.ab_tests import HELD
from tests.support.reference_clock import find_moment, length, lies_in, next_open
from tests.support.reference_outside import Change, Decision, Deed, Outside, Visit

Json = Mapping[str, Any]
TYPES = {
    "delivered": "EmailDelivered",
    "opened": "EmailOpened",
    "clicked": "EmailClicked",
    "clicked_link": "EmailClicked",
    "hard_bounced": "EmailHardBounced",
    "soft_bounced": "EmailSoftBounced",
    "form_visited": "FormVisited",
    "form_submitted": "FormSubmitted",
    "responded": "CustomChannelResponse",
}
BY_THEMSELVES = {"centre", "one_click", "form"}
MAY_END = {"suppressed", "consent", "business_unit"}  # reasons for a stop
EFFECTS = {  # what a tile leaves behind for each person who comes, or for each company
    "task": "activity", "phone_call": "activity", "appointment": "activity", "create_lead": "lead",
    "run_workflow": "workflow_call", "custom_channel": "channel_activity",
}  # fmt: skip
ENTRANCES = {"audience", "form_submitted", "record_updated"}
Key = tuple[int, int, int]  # iteration, tile, person (of an effect for a company: -1 - its number)


class Model:
    """One journey.

    `lot` says which branch somebody drew at a split, or whether an A/B test sends to them at once (0) or holds them
    (1): only the shares are ours to say.
    """

    def __init__(self, outside: Outside, settings: Json, tiles: Mapping[int, Json], lot: Callable[[Key], int]) -> None:
        self.outside, self.settings, self.lot = outside, settings, lot
        self.drawn, self.drawn_end = dict(tiles), settings["end_at"]
        self.tiles: dict[int, Json] = {}
        self.end_at: datetime | None = None
        self.status = self.status_before = "draft"
        self.stopped_at: datetime | None = None
        self.live_since: datetime | None = None
        self.iteration = 0
        self.iteration_ends: datetime | None = None
        self.called = self.was_called = self.rules_changed = self.is_beginning = False
        self.moved: list[int] = []  # whose city changed while the journey was live, since the last tick
        self.now = datetime.min.replace(tzinfo=UTC)
        self.visits: dict[Key, Visit] = {}
        self.decisions: dict[Key, Decision] = {}  # iteration, tile, company
        self.effects: set[tuple[str, Key]] = set()
        self.taken: Counter[tuple[int, int, int]] = Counter()  # iteration, split, branch

    # -- the journey as a whole

    def publish(self, now: datetime) -> None:
        """Let what is drawn run."""
        self.rules_changed = self.status != "draft"
        if self.status not in {"live", "live_editable"}:
            self.live_since, self.moved = now, []  # what changed before and nobody has read brings nobody in
        changed = {tile for tile, was in self.tiles.items() if was != self.drawn[tile]}
        self.tiles, self.end_at = dict(self.drawn), self.drawn_end
        self.status, self.stopped_at, self.called = "live", None, False
        self.now = now
        for tile in changed:
            self._retime_companies(tile)
        for (tile, person), visit in self._standing().items():
            if tile in changed:
                self._retime(tile, person, visit)

    def stop(self, now: datetime) -> None:
        """Let nobody move any more."""
        self.status, self.stopped_at, self.called = "stopped", now, False

    def tick(self, now: datetime) -> None:
        """Do what is due."""
        self.now = now
        self._come_to_an_end()
        if self.status in {"draft", "expired"}:
            return
        self.is_beginning = True
        if self._runs():
            self._begin()
        self.is_beginning = False
        self._hear_changes()
        self._hear_consents()
        if self._runs():
            self._let_go_who_did_what_was_asked()
            self._call()
            self._let_in_by_records_and_forms()
            self._let_go_who_is_due()
        self.moved = []

    def _runs(self) -> bool:
        return self.status in {"live", "live_editable"} and self.settings["start_at"] <= self.now

    def _come_to_an_end(self) -> None:
        is_last = self.settings["is_recurring"] and self.iteration >= self.settings["iteration_count"]
        ends = [self.end_at, self.iteration_ends if is_last else None]
        if self.status in {"live", "live_editable"} and any(end is not None and end <= self.now for end in ends):
            self.stop(self.now)
        if (
            self.status == "stopped"
            and self.stopped_at is not None
            and self.now >= self.stopped_at + timedelta(days=30)
        ):
            self.status = "expired"

    def _begin(self) -> None:
        self.was_called = self.called
        if not self.iteration or (self.iteration_ends is not None and self.iteration_ends <= self.now):
            for visit in self._standing().values():
                self._stop_visit(visit, "next_iteration")
            self.iteration += 1
            self.called = self.was_called = False
            while self.settings["is_recurring"] and (self.iteration_ends or self.settings["start_at"]) <= self.now:
                began = (self.iteration_ends or self.settings["start_at"]).astimezone(self._zone).replace(tzinfo=None)
                ends = began + timedelta(days=self.settings["interval_days"])
                self.iteration_ends = ends.replace(tzinfo=self._zone).astimezone(UTC)
        if self.rules_changed:
            self.rules_changed = False
            self._let_go_who_did_what_was_asked()
        self.called = True

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings["time_zone"])

    # -- new waits for those who wait

    def _retime_companies(self, tile: int) -> None:
        if not self._asks_companies(tile):
            return
        timeout = length(self.tiles[tile]["timeout"])
        for (iteration, where, _), decision in self.decisions.items():
            if (iteration, where) == (self.iteration, tile) and decision.branch is None:
                decision.due_at = decision.arrived_at + timeout
        for (where, person), visit in sorted(self._standing().items(), key=lambda each: each[1].arrived_at):
            company = self.outside.company[person]
            if where == tile and company is not None and person not in self.outside.deleted:
                began = Decision(visit.arrived_at, visit.arrived_at + timeout)
                self.decisions.setdefault((self.iteration, tile, company), began)

    def _retime(self, tile: int, person: int, visit: Visit) -> None:
        decision = self._find_decision(tile, person)
        if decision is None:
            before, visit.due_at = visit.due_at, self._due_at(self.tiles[tile], visit.arrived_at) or visit.due_at
            if self.tiles[tile].get("ab_test_id") and before is not None and visit.due_at is not None:
                visit.due_at = max(before, visit.due_at)
        elif decision.branch is None:
            visit.due_at = decision.due_at
        else:
            visit.due_at = min(decision.due_at, self.now)

    def _asks_companies(self, tile: int) -> bool:
        return self.tiles[tile].get("based_on") == "company"

    def _find_decision(self, tile: int, person: int) -> Decision | None:
        """Return what stands for somebody's company at a tile that asks of companies."""
        company = self.outside.company[person] if person not in self.outside.deleted else None
        if not self._asks_companies(tile) or company is None:
            return None
        return self.decisions.get((self.iteration, tile, company))

    # -- who enters

    def _list_entrances(self, kind: str) -> list[Json]:
        return [tile for tile in self.tiles.values() if tile["kind"] == kind]

    def _call(self) -> None:
        if not self.was_called:
            for person in self.outside.consent:
                self._let_members_in(person)

    def _let_members_in(self, person: int, change: Change | None = None) -> None:
        """Ask for an audience whether somebody belongs to it, if a change is such that they may."""
        for entrance in self._list_entrances("audience"):
            sources = {(each["kind"], each["id"], 1 if _included(each) else -1) for each in entrance["sources"]}
            if change is not None and change[:2] + change[3:4] not in sources:
                continue
            members = {each: person in self.outside.members[each[:2]] for each in sources}
            included = [is_in for (_, _, sign), is_in in members.items() if sign > 0]
            excluded = [is_in for (_, _, sign), is_in in members.items() if sign < 0]
            if (all if entrance["merge"] == "intersection" else any)(included) and not any(excluded):
                self._enter(entrance, person)

    def _let_in_by_records_and_forms(self) -> None:
        assert self.live_since is not None
        for entrance in self._list_entrances("record_updated"):
            for person in self.moved:
                self._enter(entrance, person)
        since = max(self.live_since, self.settings["start_at"])
        for entrance in self._list_entrances("form_submitted"):
            for deed in self.outside.deeds[self.outside.read :]:
                if deed.type == "FormSubmitted" and deed.form == entrance["form_id"] and deed.at >= since:
                    self._enter(entrance, deed.person)

    def _enter(self, entrance: Json, person: int) -> None:
        key = (self.iteration, entrance["id"], person)
        if key in self.visits or person in self.outside.deleted or self._is_below(person):
            return
        self.visits[key] = Visit(self.now)
        if self._is_suppressed(person):
            self._stop_visit(self.visits[key], "suppressed")
        elif self._is_elsewhere(person):
            self._stop_visit(self.visits[key], "business_unit")
        else:
            self._go(key, 0)

    # -- who is stopped, and who goes on after all

    def _is_suppressed(self, person: int) -> bool:
        segment = self.settings["suppression"]
        return segment is not None and person in self.outside.members["segment", segment]

    def _is_below(self, person: int) -> bool:
        return bool(self.outside.consent[person] < self.settings["minimum_consent"])

    def _is_elsewhere(self, person: int) -> bool:
        return self.settings["scope"] == "business_unit" and person in self.outside.elsewhere

    def _is_unsubscribe(self, change: Change) -> bool:
        lists = {
            each["id"]
            for tile in self._list_entrances("audience")
            for each in tile["sources"]
            if each["kind"] == "list"
        }
        gone = change.by_how_much < 0 and change.person not in self.outside.members[change[:2]]
        return gone and change.kind == "list" and change.audience in lists and change.by in BY_THEMSELVES

    def _hear_changes(self) -> None:
        for change in self.outside.changes:
            if self._is_unsubscribe(change):
                self._stop(change.person, "unsubscribed", and_stopped=True)
            if change[:2] == ("segment", self.settings["suppression"]):
                if self._is_suppressed(change.person):
                    self._stop(change.person, "suppressed")
                else:
                    self._resume(change.person)
            if self._runs() and self.was_called:
                self._let_members_in(change.person, change)

    def _hear_consents(self) -> None:
        judged = self.outside.consented if self.settings["minimum_consent"] else []
        judged = judged + (self.outside.transferred if self.settings["scope"] == "business_unit" else [])
        for person in judged:
            if person in self.outside.deleted:
                continue
            if self._is_below(person):
                self._stop(person, "consent")
            elif self._is_elsewhere(person):
                self._stop(person, "business_unit")
            self._resume(person)
            if self._runs():
                self._let_members_in(person)

    def _stop(self, person: int, reason: str, *, and_stopped: bool = False) -> None:
        for (iteration, _, who), visit in self.visits.items():
            may_end = visit.outcome == "stopped" and visit.reason in MAY_END
            if (iteration, who) == (self.iteration, person) and (visit.left_at is None or (and_stopped and may_end)):
                self._stop_visit(visit, reason)

    def _stop_visit(self, visit: Visit, reason: str) -> None:
        visit.left_at, visit.outcome, visit.reason = self.now, "stopped", reason

    def _resume(self, person: int) -> None:
        if self._find_reason(person) in {"deleted", *MAY_END}:
            return
        for (iteration, tile, who), visit in self.visits.items():
            if (iteration, who) == (self.iteration, person) and visit.outcome == "stopped" and visit.reason in MAY_END:
                visit.left_at = visit.outcome = visit.reason = None
                visit.due_at = visit.due_at or self.now
                self._retime(tile, person, visit)

    def _find_reason(self, person: int) -> str | None:
        """Return what keeps somebody from leaving a tile."""
        if person in self.outside.deleted:
            return "deleted"
        if self._is_suppressed(person):
            return "suppressed"
        if self._is_below(person):
            return "consent"
        if self._is_elsewhere(person):
            return "business_unit"
        changes = self.outside.changes if self.is_beginning else []
        return "unsubscribed" if any(each.person == person and self._is_unsubscribe(each) for each in changes) else None

    # -- who moves

    def _standing(self) -> dict[tuple[int, int], Visit]:
        """Return who stands where in this iteration: tile, person → visit."""
        return {key[1:]: visit for key, visit in self.visits.items() if key[0] == self.iteration and not visit.left_at}

    def _let_go_who_did_what_was_asked(self) -> None:
        self._let_companies_decide()
        for (tile, person), visit in self._standing().items():
            alone = self.tiles[tile]["kind"] == "if_then" and self._find_decision(tile, person) is None
            if alone and self._is_true(tile, person, visit.due_at):
                self._leave(tile, person, 0)

    def _let_companies_decide(self) -> None:
        """Those of which somebody has done in time what is asked decide for yes; their people are due."""
        for (iteration, tile, company), decision in self.decisions.items():
            if iteration == self.iteration and decision.branch is None and self._asks_companies(tile):
                colleagues = self.outside.list_colleagues(company)
                if any(self._is_true(tile, colleague, decision.due_at) for colleague in colleagues):
                    decision.branch = 0
                    for (where, person), visit in self._standing().items():
                        if where == tile and person in colleagues and visit.due_at is not None:
                            visit.due_at = min(visit.due_at, self.now)

    def _let_go_who_is_due(self) -> None:
        while due := [
            place
            for place, visit in self._standing().items()
            if visit.due_at is not None and visit.due_at <= self.now and self._is_open(self.tiles[place[0]])
        ]:
            for tile, person in due:
                decision = self._find_decision(tile, person)
                if decision is not None and decision.branch is None:
                    decision.branch = 1
                no = 1 if decision is None else decision.branch
                self._leave(tile, person, no or 0 if self.tiles[tile]["kind"] == "if_then" else 0)

    def _is_true(self, tile: int, person: int, until: datetime | None) -> bool:
        asker = self.tiles[tile]
        deeds = [deed for deed in self.outside.deeds if deed.person == person and (until is None or deed.at <= until)]
        found = [any(self._fulfils(rule, deed) for deed in deeds) for rule in asker["rules"]]
        return all(found) if asker["logic"] == "and" else any(found)

    def _fulfils(self, rule: Json, deed: Deed) -> bool:
        if deed.type != TYPES[rule["condition"]]:
            return False
        if rule["condition"] == "responded":
            wanted = (rule["response"], rule["keyword"] or deed.keyword)
            here = (deed.iteration, deed.tile) == (self.iteration, rule["source"])
            return here and wanted == (deed.response, deed.keyword)
        if rule["element_id"] is not None:  # what happens on a form counts once the person has been at the source
            visit = self.visits.get((self.iteration, rule["source"], deed.person))
            return deed.form == rule["element_id"] and visit is not None and visit.arrived_at <= deed.at
        links = self.outside.same_url[rule["link"]] if rule["condition"] == "clicked_link" else (deed.link,)
        return (deed.iteration, deed.tile) == (self.iteration, rule["source"]) and deed.link in links

    def _leave(self, tile: int, person: int, branch: int) -> None:
        key = (self.iteration, tile, person)
        if self.tiles[tile]["kind"] == "email" and self._is_held(self.tiles[tile], key):
            self._hold(self.visits[key])
            return
        reason = self._find_reason(person)
        if reason is not None:
            self._stop_visit(self.visits[key], reason)
            return
        if self.tiles[tile]["kind"] == "email":
            self.effects.add(("message", key))
        self._go(key, branch)

    def _go(self, key: Key, branch: int | None) -> None:
        """Leave a tile by a branch and arrive at what follows."""
        visit, tile = self.visits[key], self.tiles[key[1]]
        visit.left_at, visit.branch = self.now, branch
        if visit.reason == "ab_test":
            visit.reason = None
        visit.outcome = "expired" if self._is_expired(tile) else "processed"
        following = None if branch is None else ways(tile)[branch]
        if following is not None and (self.iteration, following, key[2]) not in self.visits:  # nobody comes twice
            self._arrive(following, key[2])

    def _arrive(self, tile_id: int, person: int) -> None:
        tile, key = self.tiles[tile_id], (self.iteration, tile_id, person)
        self.visits[key] = visit = Visit(self.now, self._due_at(tile, self.now))
        match tile["kind"]:
            case "email" if self._is_open(tile) and self._is_held(tile, key):
                self._hold(visit)
            case "email" if self._is_open(tile):
                visit.due_at = None
                self.effects.add(("message", key))
                self._go(key, 0)
            case "email":
                visit.due_at = visit.due_at or self.now
            case "wait_for":
                pass
            case "wait_until" if visit.due_at is not None and visit.due_at > self.now:
                pass
            case "wait_until":
                visit.due_at = None
                self._go(key, 0)
            case "if_then" if self._asks_companies(tile_id) and self.outside.company[person] is not None:
                self._arrive_with_company(key, visit)
            case "if_then":
                if self._is_true(tile_id, person, None):
                    self._go(key, 0)
            case "split":
                branch = self.lot(key)
                self.taken[self.iteration, tile_id, branch] += 1
                self._go(key, branch)
            case "update_column" if tile["column"] == "consent_level":
                self.outside.agree(person, tile["value"])
                if self._is_below(person):
                    self._stop_visit(visit, "consent")
                else:
                    self._go(key, 0)
            case "exit":
                self._go(key, None)
            case kind:  # tiles that people pass
                if kind == "custom_channel" and person in self.outside.protected[tile["channel_id"]]:
                    visit.reason = "channel_forbidden"
                elif kind in EFFECTS:
                    self._leave_behind(EFFECTS[kind], tile, key)
                self._go(key, 0)

    def _is_held(self, tile: Json, key: Key) -> bool:
        """Say whether an A/B test, which has not held somebody before, wants to know its winner before it sends."""
        is_new = bool(tile["ab_test_id"]) and not self._is_expired(tile) and self.visits[key].reason != "ab_test"
        return is_new and self.lot(key) == 1

    def _hold(self, visit: Visit) -> None:
        visit.due_at, visit.reason = self.now + HELD, "ab_test"

    def _arrive_with_company(self, key: Key, visit: Visit) -> None:
        company = self.outside.company[key[2]]
        assert company is not None
        assert visit.due_at is not None
        decision = self.decisions.setdefault((*key[:2], company), Decision(self.now, visit.due_at))
        self._let_companies_decide()
        visit.due_at = decision.due_at
        if decision.branch is not None:
            self._go(key, decision.branch)

    def _leave_behind(self, effect: str, tile: Json, key: Key) -> None:
        """Make what a tile makes, once for each person, or once for each company."""
        if "company" not in {tile.get("create_for"), tile.get("launch_for")}:
            self.effects.add((effect, key))
        elif (company := self.outside.company[key[2]]) is not None:
            self.effects.add((effect, (*key[:2], -1 - company)))

    # -- when

    def _due_at(self, tile: Json, arrived_at: datetime) -> datetime | None:
        match tile["kind"]:
            case "wait_for":
                return next_open(tile["restriction"], arrived_at + length(tile["duration"]), self._zone)
            case "wait_until":
                return next_open(tile["restriction"], max(find_moment(tile["at"], self._zone), arrived_at), self._zone)
            case "if_then":
                return arrived_at + length(tile["timeout"])
            case "email" if tile["schedule"] is not None:
                opens_at = next_open(tile["schedule"], arrived_at, self._zone)
                if tile["expires_at"] is None:
                    return opens_at
                return max(arrived_at, min(opens_at, find_moment(tile["expires_at"], self._zone)))
        return None

    def _is_open(self, tile: Json) -> bool:
        """Say whether those whose time has come may leave now."""
        if tile["kind"] == "email":
            in_time = lies_in(tile["schedule"], self.now, self._zone)
            return self.outside.settings_live and (in_time or self._is_expired(tile))
        return lies_in(tile.get("restriction"), self.now, self._zone)

    def _is_expired(self, tile: Json) -> bool:
        return tile.get("expires_at") is not None and find_moment(tile["expires_at"], self._zone) <= self.now


def ways(tile: Json) -> Sequence[int | None]:
    """Return where each branch of a tile leads."""
    match tile["kind"]:
        case "if_then":
            return [tile["yes"], tile["no"]]
        case "split":
            return [branch["next"] for branch in tile["branches"]]
        case "exit":
            return []
        case _:
            return [tile["next"]]


def _included(source: Json) -> bool:
    return bool(source["containment"] == "include")
