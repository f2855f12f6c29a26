"""However the bytes of a session are cut into pieces, the same messages come out."""

from __future__ import annotations

import asyncio
from unittest.mock import create_autospec

from hypothesis import given, settings
from hypothesis import strategies as st

from senet.demo.smtp_sink import Envelope, Sink, _Session

LINES = st.lists(st.sampled_from([b"", b".", b"..", b".x", b"text", b"\n.\n", b"\r", b"a.b", b". "]), max_size=12)


def stuff(lines: list[bytes]) -> bytes:
    """A text as it is sent: dots doubled, closed by a dot."""
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"


@given(st.lists(LINES, min_size=1, max_size=3), st.lists(st.integers(1, 40), min_size=1, max_size=30))
@settings(max_examples=400, deadline=None)
def test_messages_survive_any_cutting(texts: list[list[bytes]], cuts: list[int]) -> None:
    taken: list[Envelope] = []
    session = _Session(Sink(taken.extend))
    transport = create_autospec(asyncio.Transport, instance=True)
    session.connection_made(transport)
    head = b"MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n"
    stream = b"EHLO me\r\n" + b"".join(head + stuff(lines) for lines in texts) + b"QUIT\r\n"
    position = 0
    while position < len(stream):
        for cut in cuts:
            if position < len(stream):
                session.data_received(stream[position : position + cut])
                position += cut
    assert [one.data for one in taken] == [b"".join(line + b"\r\n" for line in lines) for lines in texts]
    replies = b"".join(call.args[0] for call in transport.write.call_args_list).splitlines()
    assert [reply[:3] for reply in replies if reply[3:4] == b" "] == [
        b"220",
        b"250",
        *[b"250", b"250", b"354", b"250"] * len(texts),
        b"221",
    ]
