"""SMTP replies are read whatever the pieces they come in, and never without bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.delivery.errors import ProtocolBroken
from senet.delivery.smtp.replies import MAX_LINE, MAX_LINES, ReplyReader

STREAM = b"250 2.1.0 OK\r\n550-5.1.1 No such user\r\n550 5.1.1 here\r\n354 go\r\n250\r\n220-a\r\n220-\r\n220 b\n"


def test_replies_of_one_line_and_of_several_are_read() -> None:
    replies = ReplyReader().feed(STREAM)
    assert [reply.code for reply in replies] == [250, 550, 354, 250, 220]
    assert (replies[1].enhanced, replies[1].text) == ("5.1.1", "No such user here")
    assert (replies[3].enhanced, replies[3].text) == ("", "")


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_the_pieces_do_not_matter(cuts: list[int]) -> None:
    reader, found, last = ReplyReader(), [], 0
    for cut in [*sorted(cuts), len(STREAM)]:
        found += reader.feed(STREAM[last:cut])
        last = cut
    assert [(reply.code, reply.text) for reply in found] == [
        (reply.code, reply.text) for reply in ReplyReader().feed(STREAM)
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n",
        b"25\r\n",
        b"\r\n",
        b"999 what\r\n",
        b"199 early\r\n",
        b"250x\r\n",
        b"250-a\r\n550 b\r\n",
        b"\xff\xfe\xfd\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
        b"2 0 x\r\n",
    ],
)
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolBroken):
        ReplyReader().feed(data)


def test_a_line_without_end_is_refused_long_before_ten_megabytes() -> None:
    reader, fed = ReplyReader(), 0
    while fed < MAX_LINE:
        assert reader.feed(b"x" * 1024) == []
        fed += 1024
    with pytest.raises(ProtocolBroken):
        reader.feed(b"x" * 1024)


def test_a_reply_without_end_is_refused() -> None:
    with pytest.raises(ProtocolBroken):
        ReplyReader().feed(b"250-more\r\n" * (MAX_LINES + 1))


def test_words_are_bounded_and_free_of_control_characters() -> None:
    (reply,) = ReplyReader().feed(b"550 5.7.1 bad\x1b[31m \x00\x07 caf\xc3\xa9 \xff" + b"y" * 2000 + b"\r\n")
    assert reply.text.startswith("bad [31m café ")
    assert len(reply.text) <= 500
    assert reply.text.isprintable()


@pytest.mark.parametrize(
    ("line", "enhanced"),
    [
        (b"550 5.1.1 no", "5.1.1"),
        (b"450 4.2.2 full", "4.2.2"),
        (b"250 2.0.0", "2.0.0"),
        (b"550 4.1.1 contradicts", ""),
        (b"550 5.1.1.1 no", ""),
        (b"550 5.1234.1 no", ""),
        (b"550 no 5.1.1", ""),
    ],
)
def test_an_enhanced_code_counts_where_it_belongs(line: bytes, enhanced: str) -> None:
    assert ReplyReader().feed(line + b"\r\n")[0].enhanced == enhanced
