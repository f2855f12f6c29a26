"""Journey templates: saved from journeys, used for new ones, and ten that come with Senet; and copies of journeys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from senet.accounts.models import User
from senet.accounts.values import Author, Role
from senet.audiences.models import Segment
from senet.journeys import actions
from senet.journeys.errors import TemplateLocked
from senet.journeys.models import Journey, JourneyTemplate
from senet.journeys.references import find_references
from senet.journeys.templates import (
    create_from_template,
    delete_template,
    ensure_gallery,
    read_gallery,
    save_as_template,
    update_template,
)
from senet.shared.errors import InvalidInput
from tests.support.accounts import main_unit, make_unit, make_user, sign_in
from tests.support.journeys import World, audience, clicked, email, if_then, make_email, make_segment, task, wait

SHIPPED = read_gallery()


def author(unit: Any = None) -> Author:
    user: User = make_user(unit=unit)
    return Author(user.pk, user.business_unit_id)


def draw(world: World, **settings: Any) -> int:
    mail = make_email("https://a.example/")
    lane = audience(make_segment()) >> email(mail) >> if_then(clicked(2, link=1), days=2, yes=task(), no=wait(days=1))
    return world.draw(lane, **settings)


@pytest.mark.parametrize("keep", [False, True])
def test_a_template_is_copied_from_a_journey_and_a_journey_from_it(world: World, keep: bool) -> None:
    journey = draw(world, minimum_consent=3, time_zone="Asia/Tokyo", suppression_segment_id=make_segment())
    original = Journey.objects.get(pk=journey)
    made = save_as_template(journey, {"name": "Mine", "purpose": "test"}, author=author(), keep_references=keep)
    template = JourneyTemplate.objects.get(pk=made)
    assert bool(list(find_references(template.definition))) is keep
    assert (template.settings["suppression_segment_id"] is not None) is keep
    copy = Journey.objects.get(pk=create_from_template(made, author=author(), now=world.now))
    assert (copy.name, copy.status, copy.template_id) == ("Mine", "draft", made)
    assert (copy.minimum_consent, copy.time_zone) == (3, "Asia/Tokyo")
    assert (copy.definition == original.definition) is keep
    assert copy.start_at == world.now + timedelta(hours=1)


def test_changing_a_template_changes_no_journey_made_from_it(world: World) -> None:
    made = save_as_template(draw(world), {"name": "Mine"}, author=author())
    journey = create_from_template(made, author=author(), now=world.now, name="First")
    before = Journey.objects.get(pk=journey).definition
    update_template(made, {"definition": {"tiles": []}, "name": "Other"})
    assert Journey.objects.get(pk=journey).definition == before
    delete_template(made)
    assert Journey.objects.get(pk=journey).name == "First"


def test_a_template_knows_its_target_and_whether_it_recurs(world: World) -> None:
    journey = draw(world, is_recurring=True, interval_days=7, iteration_count=4, target="company")
    template = JourneyTemplate.objects.get(pk=save_as_template(journey, {"name": "Mine"}, author=author()))
    assert (template.target, template.recurring) == ("company", True)


def test_a_template_with_a_setting_that_no_journey_has_is_refused(world: World) -> None:
    made = save_as_template(draw(world), {"name": "Mine"}, author=author())
    for values in ({"settings": {"status": "live"}}, {"name": " "}, {"shipped": True}):
        with pytest.raises(InvalidInput):
            update_template(made, values)


# -- the gallery -----------------------------------------------------------------------------------------------------


def test_at_least_ten_templates_come_with_senet_for_as_many_purposes() -> None:
    assert len({each["key"] for each in SHIPPED}) == len(SHIPPED) >= 10
    assert len({each["purpose"] for each in SHIPPED}) >= 10
    assert any(each["recurring"] for each in SHIPPED)


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda each: each["key"])
def test_a_shipped_template_lacks_only_what_has_to_be_chosen(world: World, shipped: dict[str, Any]) -> None:
    ensure_gallery()
    template = JourneyTemplate.objects.get(key=shipped["key"])
    assert (template.name, template.recurring, template.target) == (
        shipped["name"],
        shipped["recurring"],
        shipped["target"],
    )
    assert list(find_references(template.definition)) == []
    journey = create_from_template(template.pk, author=author(), now=world.now)
    actions.update_journey(journey, {"end_at": world.now + timedelta(days=400)}, now=world.now)
    report = actions.check(journey, world.now)
    assert {each.code for each in report.errors} == {"source_missing", "email_missing", "content_settings_missing"}
    entrances = {f"tiles.{tile['id']}" for tile in template.definition["tiles"] if tile["kind"] == "audience"}
    assert {each.where for each in report.errors if each.code == "source_missing"} == entrances
    assert [each for each in report.problems if each.severity == "warning"] == []


def test_reading_the_gallery_again_changes_nothing_and_mends_what_differs(world: World) -> None:
    ensure_gallery()
    before = list(JourneyTemplate.objects.order_by("id").values())
    ensure_gallery()
    assert list(JourneyTemplate.objects.order_by("id").values()) == before
    JourneyTemplate.objects.filter(key=SHIPPED[0]["key"]).update(name="Older")
    JourneyTemplate.objects.create(key="gone", shipped=True, name="No longer shipped")
    ensure_gallery()
    assert JourneyTemplate.objects.get(key=SHIPPED[0]["key"]).name == SHIPPED[0]["name"]
    assert not JourneyTemplate.objects.filter(key="gone").exists()


def test_a_shipped_template_cannot_be_changed_or_removed(world: World) -> None:
    ensure_gallery()
    shipped = JourneyTemplate.objects.filter(shipped=True).first()
    assert shipped is not None
    with pytest.raises(TemplateLocked):
        update_template(shipped.pk, {"name": "Mine"})
    with pytest.raises(TemplateLocked):
        delete_template(shipped.pk)


def test_the_gallery_over_http(world: World) -> None:
    ensure_gallery()
    client = sign_in(Role.MARKETER)
    everything = client.get("/journey-templates", {"limit": 200}).json()
    assert everything["total"] == len(SHIPPED)
    assert client.get("/journey-templates", {"purpose": "newsletter"}).json()["total"] == 1
    assert client.get("/journey-templates", {"recurring": True}).json()["total"] == 1
    assert client.get("/journey-templates", {"language": "de"}).json()["total"] == 0
    assert client.get("/journey-templates", {"target": "company"}).json()["total"] == 0
    assert client.get("/journey-templates", {"tag": "sales"}).json()["total"] == 2
    assert client.get("/journey-templates", {"search": "birthday"}).json()["total"] == 1
    chosen = everything["items"][0]["id"]
    assert [tile["kind"] for tile in everything["items"][0]["definition"]["tiles"]] == ["audience", "email", "exit"]
    choices = client.get("/journey-templates/choices").json()
    assert choices["languages"] == ["en"]
    assert {"newsletter", "win-back"} < set(choices["purposes"])
    assert len(choices["purposes"]) == len(SHIPPED)
    assert "sales" in choices["tags"]
    made = client.post(f"/journey-templates/{chosen}/journey", {"name": "Ours"})
    assert made.status_code == 201
    assert client.get(f"/journeys/{made.json()['journey_id']}").json()["template_id"] == chosen
    refused = client.patch(f"/journey-templates/{chosen}", {"name": "X"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "template_locked")


def test_templates_of_ones_own_over_http(world: World) -> None:
    north, south = make_unit("North"), make_unit("South")
    client, stranger = sign_in(Role.MARKETER, unit=north), sign_in(Role.MARKETER, unit=south)
    journey = draw(world)
    Journey.objects.filter(pk=journey).update(business_unit=north)
    made = client.post(f"/journeys/{journey}/template", {"name": "Ours", "purpose": "test", "tags": ["a"]})
    assert made.status_code == 201
    path = f"/journey-templates/{made.json()['id']}"
    assert client.patch(path, {"language": "de"}).json()["language"] == "de"
    assert stranger.get(path).status_code == 404
    assert stranger.get("/journey-templates").json()["total"] == 0
    assert stranger.get("/journey-templates/choices").json() == {"purposes": [], "languages": [], "tags": []}
    assert stranger.post(f"/journeys/{journey}/template", {"name": "X"}).status_code == 404
    viewer = sign_in(Role.VIEWER, unit=north)
    assert viewer.get(path).status_code == 200
    assert viewer.post(f"{path}/journey", {}).status_code == 403
    assert viewer.delete(path).status_code == 403
    assert client.post("/journey-templates", {"name": "X", "settings": {"owner_id": 1}}).status_code == 422
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


# -- copies ----------------------------------------------------------------------------------------------------------


def test_a_copy_has_every_setting_and_a_name(world: World) -> None:
    journey = draw(world, minimum_consent=2, is_recurring=True, interval_days=3, iteration_count=2)
    actions.update_journey(journey, {"refuse_large_emails": True, "scope": "business_unit"}, now=world.now)
    source = Journey.objects.get(pk=journey)
    copy = Journey.objects.get(
        pk=actions.copy_journey(journey, author=Author(make_user().pk, main_unit().pk), now=world.now, name="Second")
    )
    assert copy.name == "Second"
    for name in ("minimum_consent", "is_recurring", "interval_days", "iteration_count", "refuse_large_emails", "scope"):
        assert getattr(copy, name) == getattr(source, name)
    assert (copy.definition, copy.start_at, copy.end_at) == (source.definition, None, None)


def test_a_copy_in_another_business_unit_refers_to_nothing_that_this_unit_does_not_have(world: World) -> None:
    south = make_unit("South")
    journey = draw(world, suppression_segment_id=make_segment())
    source = Journey.objects.get(pk=journey)
    shared = source.definition["tiles"][0]["sources"][0]["id"]
    Segment.objects.filter(pk=shared).update(business_unit=south)
    copy = Journey.objects.get(pk=actions.copy_journey(journey, author=author(south), now=world.now))
    assert copy.business_unit_id == south.pk
    assert set(find_references(copy.definition)) == {("segment", shared)}
    assert (copy.suppression_segment_id, copy.content_settings_id) == (None, None)
    assert copy.definition["tiles"][2]["rules"][0]["link"] is None
    assert Journey.objects.get(pk=journey).definition == source.definition
