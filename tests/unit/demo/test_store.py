"""The mailbox keeps what fits, and takes any message apart without raising."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from senet.demo.smtp_sink import Envelope
from senet.demo.store import MessageStore, read_message, read_subject

AT = datetime(2026, 3, 1, tzinfo=UTC)


def envelope(recipient: str, data: bytes = b"Subject: Hi\r\n\r\nText") -> Envelope:
    return Envelope("us@example.org", (recipient,), data)


def test_the_oldest_go_when_there_are_too_many() -> None:
    store = MessageStore(messages=3)
    store.add([envelope(f"p{number}@x") for number in range(5)], AT)
    assert (store.taken, store.kept) == (5, 3)
    assert [one.number for one in store.list_newest()] == [5, 4, 3]
    assert store.find(2) is None
    assert store.find(3) is not None
    assert store.find(6) is None


def test_the_oldest_go_when_they_are_too_large() -> None:
    store = MessageStore(size=1000)
    store.add([envelope("p@x", b"x" * 400) for _ in range(5)], AT)
    assert store.kept == 2


def test_a_reader_follows_by_number_even_past_what_was_dropped() -> None:
    store = MessageStore(messages=3)
    store.add([envelope(f"p{number}@x") for number in range(5)], AT)
    assert [one.number for one in store.list_after(0, 2)] == [3, 4]
    assert [one.number for one in store.list_after(4, 2)] == [5]
    assert store.list_after(5, 2) == []
    assert MessageStore().list_after(0, 5) == []


def test_messages_are_found_by_recipient_and_subject() -> None:
    store = MessageStore()
    store.add([envelope("Ada@x"), envelope("bob@x", b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n")], AT)
    assert [one.number for one in store.list_newest(search="ada@")] == [1]
    assert [one.number for one in store.list_newest(search="grüße")] == [2]
    assert [one.number for one in store.list_newest(before=2)] == [1]


def test_links_and_images_of_the_html_part_are_listed() -> None:
    data = (
        b"Subject: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<a href=\"http://d/r/1?a=1&amp;b=2\">x</a><a class=y href='http://d/r/2'>y</a><img alt='' src=\"http://d/o/3\">"
    )
    read = read_message(data)
    assert list(read.links) == ["http://d/r/1?a=1&b=2", "http://d/r/2"]
    assert list(read.images) == ["http://d/o/3"]


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_no_message_is_too_broken_to_be_read(data: bytes) -> None:
    for start in (b"", b"Subject: ", b"Content-Type: text/html; charset=", b"Content-Type: multipart/mixed; boundary="):
        read_message(start + data)
        read_subject(start + data)
