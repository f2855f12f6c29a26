"""Users and business units, and what the tree hides."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from senet.accounts.access import check_object, visible
from senet.accounts.actions import create_user
from senet.accounts.errors import EmailTaken, LastAdministrator, WeakPassword
from senet.accounts.models import BusinessUnit, User
from senet.accounts.queries import principal_of
from senet.accounts.values import Permission, Role
from senet.shared.errors import NotAllowed, NotFound
from tests.support.accounts import ApiClient, main_unit, make_unit, make_user, sign_in

pytestmark = pytest.mark.django_db
STRONG = "correct horse battery"


def test_an_administrator_makes_reads_and_changes_a_user() -> None:
    client = sign_in()
    unit = make_unit()
    body = {"email": "new@example.com", "name": "New", "password": STRONG, "business_unit_id": unit.pk}
    made = client.post("/users", body)
    assert made.status_code == 201, made.content
    assert made.json()["role"] == "viewer"
    assert "password" not in made.json()
    path = f"/users/{made.json()['id']}"
    assert client.patch(path, {"role": "marketer", "name": "Newer"}).json()["role"] == "marketer"
    assert client.get(path).json()["name"] == "Newer"


@pytest.mark.parametrize(
    "change",
    [
        {"email": "no address"},
        {"email": "a\n@example.com"},
        {"password": "short"},
        {"password": "password1234"},
        {"password": "x" * 2000},
        {"business_unit_id": 10**12},
        {"business_unit_id": 10**30},
        {"role": "emperor"},
        {"name": "a\u0000b"},
        {"name": None},
    ],
)
def test_a_user_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    body = {"email": "new@example.com", "password": STRONG, "business_unit_id": main_unit().pk} | change
    response = sign_in().post("/users", body)
    assert response.status_code == 422, response.content
    assert not User.objects.filter(email__startswith="new").exists()


def test_an_email_signs_in_once_whatever_its_case() -> None:
    make_user(email="ada@example.com")
    with pytest.raises(EmailTaken):
        create_user(email="ADA@example.com", name="", password=STRONG, role=Role.VIEWER)


def test_the_first_user_gets_the_root_unit() -> None:
    BusinessUnit.objects.all().delete()
    made = create_user(email="first@example.com", name="", password=STRONG, role=Role.ADMINISTRATOR)
    assert BusinessUnit.objects.get().pk == made.business_unit_id


def test_a_password_like_the_email_is_weak() -> None:
    with pytest.raises(WeakPassword):
        create_user(email="someone@example.com", name="", password="Someone@example.com", role=Role.VIEWER)


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"is_active": False}])
def test_the_last_administrator_cannot_be_locked_out(change: dict[str, object]) -> None:
    client = sign_in()
    assert client.user is not None
    make_user(Role.MARKETING_MANAGER)
    response = client.patch(f"/users/{client.user.pk}", change)
    assert response.status_code == 409
    assert response.json()["error"]["code"] == LastAdministrator.code
    make_user(Role.ADMINISTRATOR)
    assert client.patch(f"/users/{client.user.pk}", change).status_code == 200


@pytest.mark.parametrize("role", [Role.MARKETING_MANAGER, Role.MARKETER, Role.VIEWER])
def test_only_administrators_administer(role: Role) -> None:
    client, user, unit = sign_in(role), make_user(), make_unit()
    body = {"email": "n@example.com", "password": STRONG, "business_unit_id": unit.pk}
    assert client.post("/users", body).status_code == 403
    assert client.patch(f"/users/{user.pk}", {"name": "x"}).status_code == 403
    assert client.post("/business-units", {"name": "x"}).status_code == 403
    assert client.patch(f"/business-units/{unit.pk}", {"name": "x"}).status_code == 403


def test_strangers_see_no_users() -> None:
    for path in ("/users", "/users/1", "/business-units", "/business-units/1", "/api-keys"):
        assert ApiClient().get(path).status_code == 401


def test_what_is_not_there_is_not_found() -> None:
    client = sign_in()
    for path in ("/users/0", "/users/999999999999999999999999", "/business-units/0"):
        assert client.get(path).status_code == 404, path
        assert client.patch(path, {"name": "x"}).status_code == 404, path


def test_users_of_other_units_are_hidden_from_a_marketer() -> None:
    north, south = make_unit("North"), make_unit("South")
    here, there = make_user(unit=north), make_user(unit=south)
    client = sign_in(Role.MARKETER, unit=north)
    ids = {row["id"] for row in client.get("/users").json()["items"]}
    assert here.pk in ids
    assert there.pk not in ids
    assert client.get(f"/users/{there.pk}").status_code == 404
    assert client.get(f"/business-units/{south.pk}").status_code == 404


def test_one_sees_the_units_below_ones_own_only() -> None:
    root = make_unit("Root")
    child = make_unit("Child", parent=root)
    grandchild = make_unit("Grandchild", parent=child)
    aunt = make_unit("Aunt", parent=root)
    marketer = principal_of(make_user(Role.MARKETER, unit=child))
    manager = principal_of(make_user(Role.MARKETING_MANAGER, unit=child))
    units = BusinessUnit.objects.filter(pk__in=[root.pk, child.pk, grandchild.pk, aunt.pk])
    assert set(visible(units, marketer, column="id")) == {child, grandchild}
    assert visible(units, manager, column="id").count() == 4
    check_object(grandchild.pk, marketer, Permission.EDIT)
    with pytest.raises(NotFound):
        check_object(aunt.pk, marketer, Permission.VIEW)
    check_object(aunt.pk, manager, Permission.EDIT)
    viewer = principal_of(make_user(Role.VIEWER, unit=child))
    with pytest.raises(NotAllowed):
        check_object(child.pk, viewer, Permission.EDIT)
    with pytest.raises(NotFound):
        check_object(aunt.pk, viewer, Permission.EDIT)


def test_a_unit_cannot_lie_below_itself() -> None:
    root = make_unit()
    child = make_unit(parent=root)
    client = sign_in()
    assert client.patch(f"/business-units/{root.pk}", {"parent_id": child.pk}).status_code == 409
    assert client.patch(f"/business-units/{root.pk}", {"parent_id": root.pk}).status_code == 409
    assert client.patch(f"/business-units/{child.pk}", {"parent_id": None}).json()["parent_id"] is None


def test_a_units_name_is_taken_once() -> None:
    make_unit("North")
    client = sign_in()
    assert client.post("/business-units", {"name": "North"}).status_code == 409
    assert client.post("/business-units", {"name": ""}).status_code == 422


def test_the_list_of_users_costs_two_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(5):
        make_user()
    client = sign_in()
    with django_assert_num_queries(4):  # session, user, count, page
        assert client.get("/users").json()["total"] == 6
