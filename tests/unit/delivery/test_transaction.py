"""Nothing of a message can end its text early or begin a command."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.delivery.smtp.transaction import Features, UnsendableError, write_commands, write_text
from senet.delivery.values import Outgoing, Stage, Verdict

ALL = Features(pipelining=True, eight_bit=True, utf8=True, size=1_000_000)


def _message(recipient: str = "b@example.org", sender: str = "a@example.org", content: bytes = b"x") -> Outgoing:
    return Outgoing(1, sender, recipient, content)


@given(st.lists(st.sampled_from([b".", b"\r\n", b"\n", b"\r", b"a", b".\r\n", b"\n.\n", b"\r.\r"]), max_size=30))
def test_no_content_ends_its_own_text(pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    text = b"\r\n" + write_text(content) + b".\r\n"
    assert text.find(b"\r\n.\r\n") == len(text) - 5
    assert re.search(rb"(?<!\r)\n\.[\r\n]|\r\.[\r\n]", text[:-5]) is None
    unstuffed = text[2:-3].replace(b"\r\n..", b"\r\n.")
    unstuffed = unstuffed[1:] if unstuffed.startswith(b"..") else unstuffed
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if b"\n." in content or b"\r." in content or content.startswith(b"."):
        assert unstuffed == (lines if lines.endswith(b"\r\n") else lines + b"\r\n")


@pytest.mark.parametrize(
    "address",
    ["", "ada", "@example.org", "ada@", "a b@example.org", "a@example.org>\r\nRCPT TO:<c@d.e", "a\r@b.c", "a\n@b.c",
     "a<b@c.d", "a\x00@b.c", "x" * 300 + "@example.org", "a@\ud800.example", "ada@ex\u200bample..org"],
)  # fmt: skip
def test_an_address_that_is_none_is_never_written(address: str) -> None:
    for message, stage in ((_message(address), Stage.RCPT), (_message(sender=address), Stage.MAIL)):
        with pytest.raises(UnsendableError) as caught:
            write_commands(message, ALL)
        assert (caught.value.outcome.verdict, caught.value.outcome.stage) == (Verdict.MALFORMED, stage)


@given(st.text(max_size=60), st.text(max_size=60))
def test_commands_are_two_lines_whatever_the_addresses(sender: str, recipient: str) -> None:
    try:
        mail, rcpt = write_commands(_message(f"{recipient}@example.org", f"{sender}@example.org"), ALL)
    except UnsendableError:
        return
    for command in (mail, rcpt):
        assert command.endswith(b"\r\n")
        assert not re.search(rb"[\r\n\x00]", command[:-2])
        assert command.count(b"<") == command.count(b">") == 1


def test_a_domain_of_any_script_is_written_in_ascii() -> None:
    _, rcpt = write_commands(_message("ada@münchen.example"), Features())
    assert rcpt == b"RCPT TO:<ada@xn--mnchen-3ya.example>\r\n"


def test_a_local_part_of_any_script_needs_a_server_that_takes_it() -> None:
    mail, rcpt = write_commands(_message("jörg@example.org"), ALL)
    assert mail == b"MAIL FROM:<a@example.org> SIZE=1 SMTPUTF8\r\n"
    assert rcpt == "RCPT TO:<jörg@example.org>\r\n".encode()
    with pytest.raises(UnsendableError) as caught:
        write_commands(_message("jörg@example.org"), Features())
    assert caught.value.outcome.enhanced == "5.6.7"


def test_a_message_above_the_servers_limit_is_not_handed_over() -> None:
    with pytest.raises(UnsendableError) as caught:
        write_commands(_message(content=b"x" * 101), Features(size=100))
    assert (caught.value.outcome.code, caught.value.outcome.enhanced) == (552, "5.3.4")


def test_eight_bit_content_is_announced() -> None:
    assert write_commands(_message(content=b"\xc3\xa9"), ALL)[0].endswith(b" BODY=8BITMIME\r\n")
    assert b"BODY" not in write_commands(_message(content=b"e"), ALL)[0]
