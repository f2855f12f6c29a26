"""A journey that is edited while it is live: whom a change concerns, what it does to them, and the versions kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.audiences.models import Segment
from senet.content.models import Email
from senet.journeys import actions
from senet.journeys.errors import FieldLocked, VersionNotFound
from senet.journeys.models import Journey, Milestone
from senet.journeys.preview import AudiencePreview, TilePreview, preview_edit
from senet.journeys.versions import get_version, restore_version
from senet.people.models import Contact
from tests.support.accounts import make_unit, make_user, sign_in
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    email,
    if_then,
    join,
    leave,
    make_email,
    make_segment,
    opened,
    split,
    standing,
    status,
    task,
    visits,
    wait,
    wait_until,
)
from tests.support.people import make_company, make_contact, make_contacts

Json = dict[str, Any]


def redraw(world: World, journey: int, tile: int, **settings: Any) -> None:
    """Open a live journey for editing, unless it is, and set a tile differently."""
    if status(journey) == "live":
        actions.edit(journey, now=world.now)
    drawn = Journey.objects.get(pk=journey).definition
    for each in drawn["tiles"]:
        if each["id"] == tile:
            each.update(settings)
    actions.update_journey(journey, {"definition": drawn}, now=world.now)


def preview(world: World, journey: int) -> dict[int, TilePreview]:
    return {each.tile: each for each in preview_edit(journey, world.now).tiles}


def days(amount: int) -> Json:
    return {"amount": amount, "unit": "days"}


# -- whom a change concerns ------------------------------------------------------------------------------------------


def test_an_edit_that_changes_nothing_concerns_nobody(world: World) -> None:
    journey = world.run(audience(make_segment(make_contacts(2))) >> wait(days=2))
    actions.edit(journey, now=world.now)
    found = preview_edit(journey, world.now)
    assert (found.live_version, found.standing, found.settings, found.tiles) == (1, 2, (), ())


def test_a_draft_that_was_never_live_concerns_nobody(world: World) -> None:
    assert preview_edit(world.draw(audience(make_segment())), world.now).tiles == ()


def test_a_shorter_wait_lets_those_go_who_have_waited_long_enough(world: World) -> None:
    early, late = make_contacts(2), make_contacts(3, domain="example.org")
    segment = make_segment(early)
    journey = world.run(audience(segment) >> wait(days=5) >> task())
    world.tick(days=3)
    join("segment", segment, late)
    world.tick()
    redraw(world, journey, 2, duration=days(2), name="Pause")
    tile = preview(world, journey)[2]
    assert tile.what == ("Renamed from “” to “Pause”.", "Duration: 5 days → 2 days.")
    assert (tile.standing, tile.passed, tile.coming) == (5, 0, 0)
    assert (tile.due_today, tile.due_today_after, tile.at_once) == (0, 2, 2)
    assert tile.warnings == ("The shorter wait lets 2 people go at once.",)
    world.go_live(journey)
    assert world.tick().released == 2
    assert at(journey, 3) == set(early)
    world.tick(days=2)
    assert at(journey, 3) == {*early, *late}
    check_ledger(journey)


def test_a_longer_wait_holds_those_who_would_leave_today(world: World) -> None:
    people = make_contacts(3)
    journey = world.run(audience(make_segment(people)) >> wait(hours=4) >> task())
    redraw(world, journey, 2, duration=days(3))
    tile = preview(world, journey)[2]
    assert (tile.due_today, tile.due_today_after, tile.at_once) == (3, 0, 0)
    assert tile.warnings == ("3 people will stay longer than today.",)
    world.go_live(journey)
    world.tick(days=2)
    assert at(journey, 3) == set()
    world.tick(days=1)
    assert at(journey, 3) == set(people)


def test_today_ends_at_midnight_of_the_journeys_time_zone(world: World) -> None:
    """World.now is 9:00 UTC, 18:00 in Tokyo: six hours are left of the day there."""
    segment = make_segment(make_contacts(1))
    for zone, due in (("Asia/Tokyo", 0), ("Europe/Berlin", 1)):
        journey = world.run(audience(segment) >> wait(hours=7), time_zone=zone)
        redraw(world, journey, 2, description="Other")
        assert preview(world, journey)[2].due_today == due


def test_a_new_moment_holds_for_those_who_wait_for_the_old_one(world: World) -> None:
    people = make_contacts(2)
    journey = world.run(audience(make_segment(people)) >> wait_until("2026-06-01T09:00") >> task())
    redraw(world, journey, 2, at="2026-03-05T09:00")
    assert preview(world, journey)[2].what == ("At: 2026-06-01T09:00 → 2026-03-05T09:00.",)
    world.go_live(journey)
    assert {visit.due_at for visit in visits(journey, tile=2)} == {datetime(2026, 3, 5, 9, tzinfo=UTC)}
    world.tick(days=4)
    assert at(journey, 3) == set(people)


def test_a_shorter_timeout_sends_who_did_in_time_by_yes_and_the_others_by_no(world: World) -> None:
    reader, other = make_contacts(2)
    lane = (
        audience(make_segment([reader, other]))
        >> email(make_email())
        >> if_then(opened(2), days=9, yes=task("Yes"), no=task("No"))
    )
    journey = world.run(lane)
    world.tick(days=3)
    redraw(world, journey, 3, timeout=days(2))
    tile = preview(world, journey)[3]
    assert tile.at_once == 2
    assert tile.warnings == (
        "The shorter wait lets 2 people leave at once, by Yes if they have done what the rules ask, else by No.",
    )
    world.go_live(journey)
    world.tick()
    assert (at(journey, 4), at(journey, 5)) == (set(), {reader, other})


def test_a_changed_timeout_holds_for_companies_that_wait_counted_from_their_first_person(world: World) -> None:
    company = make_company()
    first, second, alone = make_contact(company=company).pk, make_contact(company=company).pk, make_contact().pk
    segment = make_segment([first])
    question = if_then(opened(2), days=9, based_on="company", yes=task("Yes"), no=task("No"))
    journey = world.run(audience(segment) >> email(make_email()) >> question, target="company")
    began = world.now
    world.tick(days=2)
    join("segment", segment, [second, alone])
    world.tick()
    redraw(world, journey, 3, timeout=days(4))
    tile = preview(world, journey)[3]
    assert (tile.at_once, tile.due_today, tile.due_today_after) == (0, 0, 0)
    world.go_live(journey)
    assert {visit.contact_id: visit.due_at for visit in visits(journey, tile=3)} == {
        first: began + timedelta(days=4), second: began + timedelta(days=4), alone: began + timedelta(days=6),
    }  # fmt: skip
    world.tick(days=2)
    assert at(journey, 5) == {first, second}
    assert standing(journey) == {alone: 3}
    check_ledger(journey)


def test_a_shorter_timeout_lets_a_company_go_at_once_as_the_preview_says(world: World) -> None:
    company = make_company()
    people = [make_contact(company=company).pk for _ in range(2)]
    question = if_then(opened(2), days=9, based_on="company", yes=task("Yes"), no=task("No"))
    journey = world.run(audience(make_segment(people)) >> email(make_email()) >> question, target="company")
    world.tick(days=3)
    redraw(world, journey, 3, timeout=days(2))
    assert preview(world, journey)[3].at_once == 2
    world.go_live(journey)
    world.interact("EmailOpened", journey, 2, people[:1])
    world.tick()
    assert at(journey, 5) == set(people), "it opened too late"


def test_a_tile_that_asks_of_companies_from_now_on_takes_those_who_wait_as_companies(world: World) -> None:
    company = make_company()
    first, second = make_contact(company=company).pk, make_contact(company=company).pk
    segment = make_segment([first])
    question = if_then(opened(2), days=9, yes=task("Yes"), no=task("No"))
    journey = world.run(audience(segment) >> email(make_email()) >> question, target="company")
    due_at = world.now + timedelta(days=9)
    world.tick(days=1)
    join("segment", segment, [second])
    world.tick()
    redraw(world, journey, 3, based_on="company")
    world.go_live(journey)
    assert {visit.due_at for visit in visits(journey, tile=3)} == {due_at}
    world.interact("EmailOpened", journey, 2, [second])
    world.tick(hours=1)
    assert at(journey, 4) == {first, second}


def test_who_is_stopped_at_a_tile_that_changes_waits_by_its_new_setting_when_they_go_on(world: World) -> None:
    steady, stopped = make_contacts(2)
    journey = world.run(audience(make_segment([steady, stopped])) >> wait(days=9) >> task(), minimum_consent=3)
    began = world.now
    Contact.objects.filter(pk=stopped).update(consent_level=1)
    world.tick(days=1)
    redraw(world, journey, 2, duration=days(3))
    world.go_live(journey)
    world.tick()
    Contact.objects.filter(pk=stopped).update(consent_level=4)
    world.tick(hours=1)
    assert {visit.due_at for visit in visits(journey, tile=2)} == {began + timedelta(days=3)}
    world.tick(days=2)
    assert at(journey, 3) == {steady, stopped}
    check_ledger(journey)


def test_new_rules_are_asked_of_those_who_wait(world: World) -> None:
    reader, other = make_contacts(2)
    mail = make_email("https://a.example/")
    lane = audience(make_segment([reader, other])) >> email(mail) >> if_then(opened(2), days=9, yes=task("Yes"))
    journey = world.run(lane)
    world.interact("EmailClicked", journey, 2, [reader], link=1)
    world.tick()
    redraw(world, journey, 3, rules=[{"source": 2, "condition": "clicked"}])
    tile = preview(world, journey)[3]
    assert tile.what == ("Asks whether “Email” is clicked; before: whether “Email” is opened.",)
    assert tile.warnings == (
        "The new rules are asked of the 2 people here: whoever has done what they ask leaves by Yes at once.",
    )
    world.go_live(journey)
    world.tick()
    assert at(journey, 4) == {reader}
    assert standing(journey) == {other: 3}


def test_another_email_is_for_whoever_comes_from_now_on(world: World) -> None:
    first, second = make_contacts(2)
    segment, old, new = make_segment([first]), make_email(), make_email()
    Email.objects.filter(pk=old).update(name="Hello")
    Email.objects.filter(pk=new).update(name="Good day")
    journey = world.run(audience(segment) >> email(old) >> wait(days=1))
    redraw(world, journey, 2, email_id=new)
    tile = preview(world, journey)[2]
    assert (tile.what, tile.passed) == (("Email: “Hello” → “Good day”.",), 1)
    assert tile.warnings == ("1 person got the old email; whoever comes from now on gets the new one.",)
    world.go_live(journey)
    join("segment", segment, [second])
    world.tick()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id, email_id FROM message ORDER BY contact_id")
        assert cursor.fetchall() == [(first, old), (second, new)]


def test_a_changed_split_and_a_changed_task_say_who_has_passed(world: World) -> None:
    people = make_contacts(4)
    lane = audience(make_segment(people)) >> split((50, task("A")), (None, task("B")))
    journey = world.run(lane)
    drawn = Journey.objects.get(pk=journey).definition["tiles"][1]["branches"]
    redraw(world, journey, 2, branches=[{**drawn[0], "amount": 20, "label": "Few"}, drawn[1]])
    redraw(world, journey, 3, subject="Write")
    tiles = preview(world, journey)
    assert tiles[2].what == ("The branch “A” is called “Few”.", "The branch “Few”: 50 → 20.")
    assert tiles[2].warnings == (
        "The new shares are reached over all who come; the way of 4 people is decided already.",
    )
    assert tiles[3].what == ("Subject: A → Write.",)
    assert tiles[3].warnings == ("The change is for whoever comes from now on; 2 people passed before.",)


def test_people_on_their_way_to_a_changed_tile_are_counted(world: World) -> None:
    journey = world.run(audience(make_segment(make_contacts(3))) >> wait(days=1) >> email(make_email()) >> task())
    redraw(world, journey, 4, subject="Write")
    assert (preview(world, journey)[4].coming, preview(world, journey)[4].passed) == (3, 0)


# -- changed audiences (product facts 2.10) --------------------------------------------------------------------------


def test_a_change_of_the_audience_lets_new_members_join_and_those_inside_go_on(world: World) -> None:
    """Whoever has left the audience tile goes on to the end; members of both continue; new members join normally."""
    both, only_old, only_new, unwilling = make_contacts(4)
    old, new = make_segment([both, only_old]), make_segment([both, only_new, unwilling])
    Segment.objects.filter(pk=old).update(name="Old friends")
    Segment.objects.filter(pk=new).update(name="New friends")
    Contact.objects.update(consent_level=3)
    Contact.objects.filter(pk=unwilling).update(consent_level=2)
    journey = world.run(audience(old) >> wait(days=2) >> task(), minimum_consent=3)
    redraw(world, journey, 1, sources=[{"kind": "segment", "id": new, "containment": "include"}])
    tile = preview(world, journey)[1]
    assert tile.what == ("Now includes the segment “New friends”.", "No longer includes the segment “Old friends”.")
    assert tile.audience == AudiencePreview(joining=1, no_longer_joining=0, staying=1, going_on=1)
    assert tile.warnings == (
        "1 person will enter at once, newly in the audience.",
        "1 person will go on to the end, though no longer in the audience.",
    )
    world.go_live(journey)
    world.tick(days=1)
    assert standing(journey) == {both: 2, only_old: 2, only_new: 2}
    world.tick(days=1)
    assert at(journey, 3) == {both, only_old}
    world.tick(days=1)
    assert at(journey, 3) == {both, only_old, only_new}
    assert len(visits(journey, tile=2, contact=both)) == 1
    check_ledger(journey)


def test_those_who_have_not_entered_and_belong_no_more_are_not_processed(world: World) -> None:
    """They wait before the start, so they have not left the audience tile when its source changes."""
    stays, goes = make_contacts(2)
    old, new = make_segment([stays, goes]), make_segment([stays])
    journey = world.run(audience(old) >> task(), start_at=world.now + timedelta(days=1))
    redraw(world, journey, 1, sources=[{"kind": "segment", "id": new, "containment": "include"}])
    assert preview(world, journey)[1].audience == AudiencePreview(0, 1, 1, 0)
    world.go_live(journey)
    world.tick(days=1)
    assert at(journey, 1) == {stays}


def test_exclusions_and_intersections_are_compared_as_the_engine_reads_them(world: World) -> None:
    one, two, three = make_contacts(3)
    first, second = make_segment([one, two, three]), make_segment([two, three])
    banned = make_segment([three])
    journey = world.run(audience(first) >> wait(days=1), start_at=world.now + timedelta(days=1))
    sources = [
        {"kind": "segment", "id": first, "containment": "include"},
        {"kind": "segment", "id": second, "containment": "include"},
        {"kind": "segment", "id": banned, "containment": "exclude"},
    ]
    redraw(world, journey, 1, sources=sources, merge="intersection")
    assert preview(world, journey)[1].audience == AudiencePreview(0, 2, 1, 0)
    world.go_live(journey)
    world.tick(days=1)
    assert at(journey, 1) == {two}


def test_somebody_who_leaves_a_segment_while_inside_goes_on(world: World) -> None:
    (person,) = make_contacts(1)
    segment = make_segment([person])
    journey = world.run(audience(segment) >> wait(days=1) >> task())
    leave("segment", segment, [person])
    world.tick(days=1)
    assert at(journey, 3) == {person}


# -- versions --------------------------------------------------------------------------------------------------------


def test_versions_say_when_by_whom_and_what_changed(world: World) -> None:
    grace = make_user(Role.MARKETER)
    journey = world.draw(audience(make_segment()) >> wait(days=1) >> task(), name="Hello")
    actions.go_live(journey, now=world.now, user_id=grace.pk)
    world.tick(days=1)
    redraw(world, journey, 2, duration=days(3))
    actions.update_journey(journey, {"name": "Goodbye"}, now=world.now, user_id=grace.pk)
    actions.go_live(journey, now=world.now, user_id=grace.pk)
    row = Journey.objects.get(pk=journey)
    first, second = get_version(row, 1), get_version(row, 2)
    assert (first.changes, first.is_live, second.is_live) == ((), False, True)
    assert (second.published_at, second.published_by_name) == (world.now, grace.name)
    assert [(change.tile, change.what) for change in second.changes] == [
        (None, ("Name: Hello → Goodbye.",)),
        (2, ("Duration: 1 day → 3 days.",)),
    ]
    with pytest.raises(VersionNotFound):
        get_version(row, 3)


def test_a_version_is_restored_into_the_draft_and_goes_live_as_a_new_one(world: World) -> None:
    people = make_contacts(1)
    journey = world.run(audience(make_segment(people)) >> wait(days=1), name="Hello")
    redraw(world, journey, 2, duration=days(3))
    actions.update_journey(journey, {"name": "Goodbye"}, now=world.now)
    world.go_live(journey)
    with pytest.raises(FieldLocked):
        restore_version(journey, 1, now=world.now)
    actions.edit(journey, now=world.now)
    restore_version(journey, 1, now=world.now)
    draft = Journey.objects.get(pk=journey)
    assert (draft.name, draft.definition["tiles"][1]["duration"]["amount"]) == ("Hello", 1)
    assert draft.live_version is not None
    assert draft.live_version.definition["tiles"][1]["duration"]["amount"] == 3
    world.go_live(journey)
    assert get_version(Journey.objects.get(pk=journey), 3).is_live
    kinds = Milestone.objects.filter(journey_id=journey, kind="restored").values_list("detail", flat=True)
    assert list(kinds) == [{"version": 1}]


def test_cancelling_an_edit_puts_every_setting_back(world: World) -> None:
    journey = world.run(audience(make_segment()) >> wait(days=1), name="Hello")
    actions.edit(journey, now=world.now)
    end = world.now + timedelta(days=9)
    actions.update_journey(journey, {"name": "Other", "description": "New", "end_at": end}, now=world.now)
    actions.cancel_edit(journey, now=world.now)
    kept = Journey.objects.get(pk=journey)
    assert (kept.name, kept.description, kept.end_at) == ("Hello", "", None)


# -- milestones ------------------------------------------------------------------------------------------------------


def _fail(world: World) -> int:
    journey = world.draw(audience())
    actions.request_go_live(journey, now=world.now, user_id=7)
    world.tick()
    return journey


def _go_live_later(world: World) -> int:
    journey = world.draw(audience(make_segment()))
    actions.request_go_live(journey, now=world.now, user_id=7)
    world.tick()
    return journey


def _edit_and_return(world: World) -> int:
    journey = world.draw(audience(make_segment()) >> wait(days=1), name="Hello")
    actions.go_live(journey, now=world.now, user_id=7)
    actions.edit(journey, now=world.now, user_id=8)
    actions.update_journey(journey, {"name": "Other"}, now=world.now, user_id=8)
    actions.cancel_edit(journey, now=world.now, user_id=8)
    actions.stop(journey, now=world.now, user_id=9)
    return journey


def _expire(world: World) -> int:
    journey = world.draw(audience(make_segment()), end_at=world.now + timedelta(days=1))
    actions.go_live(journey, now=world.now, user_id=7)
    world.tick()
    world.tick(days=1)
    world.tick(days=30)
    return journey


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (_fail, [("going_live", 7), ("go_live_failed", 7)]),
        (_go_live_later, [("going_live", 7), ("went_live", 7), ("started", None)]),
        (
            _edit_and_return,
            [("went_live", 7), ("edited", 8), ("changed", 8), ("edit_cancelled", 8), ("stopped", 9)],
        ),
        (_expire, [("went_live", 7), ("started", None), ("ended", None), ("expired", None)]),
    ],
)
def test_every_change_of_state_is_a_milestone_that_says_who(
    world: World, live: Callable[[World], int], expected: list[tuple[str, int | None]]
) -> None:
    journey = live(world)
    found = list(Milestone.objects.filter(journey_id=journey).order_by("id").values_list("kind", "user_id"))
    assert found[0][0] == "created"
    assert found[1:] == expected


def test_a_change_says_what_was_changed(world: World) -> None:
    journey = _edit_and_return(world)
    assert Milestone.objects.get(journey_id=journey, kind="changed").detail == {
        "fields": ["name"],
        "changes": ["Name: Hello → Other."],
    }


# -- over HTTP -------------------------------------------------------------------------------------------------------


def test_versions_and_the_preview_over_http(world: World) -> None:
    journey = world.run(audience(make_segment(make_contacts(2))) >> wait(days=5))
    redraw(world, journey, 2, duration=days(3))
    client = sign_in(Role.MARKETING_MANAGER)
    path = f"/journeys/{journey}"
    shown = client.get(f"{path}/edit-preview").json()
    assert (shown["live_version"], shown["standing"], shown["settings"]) == (1, 2, [])
    assert [(tile["tile"], tile["standing"], tile["what"]) for tile in shown["tiles"]] == [
        (2, 2, ["Duration: 5 days → 3 days."])
    ]
    world.go_live(journey)
    rows = client.get(f"{path}/versions", {"limit": 1}).json()
    assert [(row["number"], row["is_live"], len(row["changes"])) for row in rows["items"]] == [(2, True, 1)]
    older = client.get(f"{path}/versions", {"limit": 1, "cursor": rows["next_cursor"]}).json()
    assert [(row["number"], row["changes"]) for row in older["items"]] == [(1, [])]
    version = client.get(f"{path}/versions/1").json()
    assert version["definition"]["tiles"][1]["duration"] == days(5)
    assert version["settings"]["time_zone"] == "UTC"
    assert client.post(f"{path}/versions/1/restore").status_code == 409
    assert client.post(f"{path}/edit").status_code == 200
    restored = client.post(f"{path}/versions/1/restore").json()
    assert restored["tiles"][0]["what"] == ["Duration: 3 days → 5 days."]
    assert client.get(f"{path}/versions/9").status_code == 404
    kinds = [(row["kind"], row["user_name"]) for row in client.get(f"{path}/milestones").json()["items"]]
    assert client.user is not None
    assert kinds[0] == ("restored", client.user.name)


def test_versions_and_previews_are_for_those_who_may_see_the_journey(world: World) -> None:
    journey = world.run(audience(make_segment()) >> wait(days=5))
    stranger = sign_in(Role.MARKETER, unit=make_unit("South"))
    viewer = sign_in(Role.VIEWER)
    for path in ("versions", "versions/1", "edit-preview"):
        assert stranger.get(f"/journeys/{journey}/{path}").status_code == 404
        assert viewer.get(f"/journeys/{journey}/{path}").status_code == 200
    assert viewer.post(f"/journeys/{journey}/versions/1/restore").status_code == 403
