"""Return paths name their message, in any case, and nobody else can make one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.delivery.returns.paths import find_message_of_fields, find_message_of_path, write_return_path
from senet.shared.tokens import LinkToken, sign_link


@given(st.integers(0, 2**63 - 1))
def test_a_return_path_names_its_message_whatever_happens_to_its_case(message_id: int) -> None:
    path = write_return_path(message_id, "bounces.shop.example")
    local, _, domain = path.partition("@")
    assert (domain, len(local) <= 64, local.isascii()) == ("bounces.shop.example", True, True)
    assert find_message_of_path(path) == find_message_of_path(path.upper()) == message_id
    assert find_message_of_path(f"<{path}>") == message_id


@given(st.integers(0, 2**40), st.data())
def test_a_changed_return_path_names_nothing(message_id: int, data: st.DataObject) -> None:
    local, _, domain = write_return_path(message_id, "b.example").partition("@")
    place = data.draw(st.integers(2, len(local) - 2))
    other = data.draw(st.sampled_from([c for c in "abcdefghijklmnopqrstuvwxyz234567" if c != local[place]]))
    assert find_message_of_path(f"{local[:place]}{other}{local[place + 1 :]}@{domain}") is None


_LONG = "b-" + "a" * 29


@pytest.mark.parametrize(
    "text",
    ["", "@", "b-@x", _LONG, f"{_LONG}@x", "b-" + "1" * 29 + "@x", "a@x", "b-" + "é" * 29 + "@x", f"{_LONG * 9}@x"],
)
def test_what_was_not_made_here_names_nothing(text: str) -> None:
    assert find_message_of_path(text) is None


def test_a_returned_mails_own_fields_name_it() -> None:
    token, leave = (sign_link(LinkToken(9, 1, 0), purpose=purpose) for purpose in ("message-id", "unsubscribe"))
    assert find_message_of_fields(f" <{token}@shop.example>", "") == 9
    assert find_message_of_fields("", f"<https://door.example/u/{leave}>") == 9
    assert find_message_of_fields(f"<{leave}@shop.example>", f"<https://door.example/u/{token}>") is None, (
        "other purposes"
    )
    assert find_message_of_fields("<made-up@shop.example>", "<mailto:x@y.example>") is None
