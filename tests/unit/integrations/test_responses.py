"""How keywords are compared, and how a response is named for an if/then tile."""

from __future__ import annotations

import pytest

from senet.integrations.responses import match_keyword, name_response


@pytest.mark.parametrize(
    ("text", "same"),
    [(" Yes ", "yes"), ("YES\t please", "yes please"), ("Straße", "strasse"), ("\uff33TOP", "stop"), ("  ", "")],
)
def test_keywords_are_compared_in_any_case_and_without_spaces_around(text: str, same: str) -> None:
    assert match_keyword(text) == same


def test_a_response_is_named_with_its_keyword_when_the_rule_has_one() -> None:
    assert name_response("delivered") == "CustomChannelResponse:delivered"
    assert name_response("answer", " YES ") == "CustomChannelResponse:answer=yes"
