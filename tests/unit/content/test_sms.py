"""How many segments a text message takes."""

from __future__ import annotations

import pytest

from senet.content.sms import Segments, count_segments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Segments("GSM-7", 0, 0)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("€" * 81, Segments("GSM-7", 162, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments("GSM-7", 306, 3)),
        ("ж" * 70, Segments("UCS-2", 70, 1)),
        ("ж" * 71, Segments("UCS-2", 71, 2)),
        ("ж" * 135, Segments("UCS-2", 135, 3)),
        ("\U0001f600" * 35, Segments("UCS-2", 70, 1)),
        ("\U0001f600" * 67, Segments("UCS-2", 134, 3)),
    ],
)
def test_a_text_is_cut_into_segments_as_networks_cut_it(text: str, found: Segments) -> None:
    assert count_segments(text) == found
