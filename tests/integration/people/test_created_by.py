"""Contacts and companies remember who made them: by hand, or by a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from senet.accounts.models import User
from senet.accounts.queries import principal_of
from senet.accounts.values import Role
from senet.people.actions import import_contacts
from senet.people.models import Company, Contact
from tests.support.accounts import make_user, sign_in
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db
CSV = b"email,company\nada@example.com,Acme\nbob@example.com,\n"


@pytest.mark.parametrize(("path", "body"), [("/contacts", {"email": "a@example.com"}), ("/companies", {"name": "A"})])
def test_whoever_makes_a_record_is_kept_and_a_later_change_does_not_alter_it(path: str, body: dict[str, str]) -> None:
    maker = sign_in(Role.MARKETER)
    assert maker.user is not None
    made = maker.post(path, body).json()
    assert made["created_by_id"] == made["owner_id"] == maker.user.pk
    other = make_user()
    changed = sign_in().patch(f"{path}/{made['id']}", {"city": "Bern", "owner_id": other.pk}).json()
    assert (changed["created_by_id"], changed["owner_id"]) == (maker.user.pk, other.pk)


def test_nobody_can_say_that_somebody_else_made_a_record() -> None:
    client = sign_in()
    assert client.user is not None
    made = client.post("/contacts", {"email": "a@example.com", "created_by_id": make_user().pk})
    assert made.status_code in {201, 422}
    assert set(Contact.objects.values_list("created_by_id", flat=True)) <= {client.user.pk}


def test_who_imports_a_file_made_what_is_new_in_it(tmp_path: Path) -> None:
    old = make_contact("bob@example.com")
    file = tmp_path / "people.csv"
    file.write_bytes(CSV)
    importer = make_user()
    outcome = import_contacts(file, principal=principal_of(importer))
    assert outcome.created == 1
    assert Contact.objects.get(email="ada@example.com").created_by_id == importer.pk
    assert Company.objects.get(name="Acme").created_by_id == importer.pk
    assert Contact.objects.get(pk=old.pk).created_by_id is None


def test_what_the_operator_imports_nobody_made(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(CSV)
    import_contacts(file)
    assert set(Contact.objects.values_list("created_by_id", flat=True)) == {None}


def test_a_record_outlives_who_made_it() -> None:
    maker = make_user()
    contact = make_contact(created_by_id=maker.pk)
    User.objects.get(pk=maker.pk).delete()
    contact.refresh_from_db()
    assert contact.created_by_id is None
