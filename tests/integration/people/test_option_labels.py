"""Options of custom columns have labels by language; what records hold is not touched by them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.people.option_labels import find_label
from tests.support.accounts import sign_in

pytestmark = pytest.mark.django_db


def read(response: Any) -> Any:
    return json.loads(response.content)


def test_labels_are_given_changed_and_read() -> None:
    client = sign_in(Role.ADMINISTRATOR)
    column = {"key": "tier", "kind": "choice", "options": ["gold", "none"]}
    made = client.post(
        "/custom-columns", {**column, "option_labels": {"gold": {"de": "Gold-Kunde", "pt_BR": " Ouro "}}}
    )
    assert made.status_code == 201, made.content
    assert read(made)["option_labels"] == {"gold": {"de": "Gold-Kunde", "pt-br": "Ouro"}}
    path = f"/custom-columns/{read(made)['id']}"
    assert read(client.patch(path, {"label": "Tier"}))["option_labels"]["gold"]["de"] == "Gold-Kunde"
    changed = read(client.patch(path, {"option_labels": {"none": {"de": "Keiner"}, "gold": {"de": ""}}}))
    assert changed["option_labels"] == {"none": {"de": "Keiner"}}


@pytest.mark.parametrize(
    "labels", [{"silver": {"de": "x"}}, {"gold": {"German!": "x"}}, {"gold": {"de": "x" * 201}}, {"gold": "x"}]
)
def test_labels_of_what_is_no_option_or_no_language_are_refused(labels: dict[str, Any]) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    body = {"key": "tier", "kind": "choice", "options": ["gold"], "option_labels": labels}
    assert client.post("/custom-columns", body).status_code == 422


def test_the_nearest_language_that_has_a_label_is_taken() -> None:
    labels = {"gold": {"de": "Gold-Kunde", "en": "Gold customer"}}
    assert find_label(labels, "gold", ("de-ch", "de", "en")) == "Gold-Kunde"
    assert find_label(labels, "gold", ("fr", "en")) == "Gold customer"
    assert find_label(labels, "gold", ("fr",)) == "gold"
    assert find_label(labels, ["gold", "none"], ("de",)) == "Gold-Kunde, none"
    assert find_label(labels, None, ("de",)) == ""
