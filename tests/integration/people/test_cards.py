"""What a template may say about a person."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from senet.people.queries import find_contacts_for_render
from tests.support.accounts import make_user
from tests.support.people import make_company, make_contact


@pytest.mark.django_db
def test_a_card_has_the_person_the_company_and_the_owner(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    owner = make_user()
    contact = make_contact(
        "ada@example.com",
        first_name="Ada",
        last_name="Lovelace",
        company=make_company("Analytical", city="London"),
        owner=owner,
        custom={"shoe_size": 39, "email": "not@this.one"},
    )
    bare = make_contact()
    with django_assert_num_queries(1):
        cards = find_contacts_for_render([contact.pk, bare.pk, 10**12])
    assert set(cards) == {contact.pk, bare.pk}
    card = cards[contact.pk]
    assert (card["name"], card["email"], card["shoe_size"]) == ("Ada Lovelace", "ada@example.com", 39)
    assert card["custom"]["shoe_size"] == 39
    assert (card["company"]["name"], card["company"]["city"]) == ("Analytical", "London")
    assert card["owner"]["email"] == owner.email
    assert cards[bare.pk]["company"] == {}
