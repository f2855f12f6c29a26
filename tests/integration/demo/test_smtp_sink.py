"""The mailbox's SMTP server speaks SMTP to ready-made clients, and survives rude ones."""

from __future__ import annotations

import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from senet.demo.smtp_sink import SinkOptions, running_sink


def _message(recipient: str, body: str = "Hello\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "us@example.org", recipient, "News"
    message["Message-ID"] = f"<{recipient}>"
    message.set_content(body)
    return message


class _Raw:
    """A client that sends the bytes it is told to."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.file = self.socket.makefile("rb")
        assert self.line().startswith(b"220 ")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def line(self) -> bytes:
        """The next reply's last line."""
        while (line := self.file.readline())[3:4] == b"-":
            pass
        return line

    def close(self) -> None:
        self.file.close()
        self.socket.close()


def test_the_standard_library_delivers_a_message_with_leading_dots_unchanged() -> None:
    with running_sink() as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.send_message(_message("ada@example.org", ".one\n..two\n.\nend\n"))
    (envelope,) = sink.envelopes
    assert envelope.recipients == ("ada@example.org",)
    assert envelope.data.endswith(b"\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n")


def test_pipelined_transactions_in_one_packet_are_answered_in_order() -> None:
    with running_sink() as sink:
        client = _Raw(sink.port)
        client.send(b"EHLO me\r\n")
        assert client.line().startswith(b"250 ")
        client.send(b"MAIL FROM:<a@x>\r\nRCPT TO:<no+bounce@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n")
        assert [client.line()[:9] for _ in range(4)] == [b"250 2.1.0", b"550 5.1.1", b"250 2.1.5", b"354 End d"]
        client.send(b"Subject: x\r\n\r\nhi\r\n.\r\nMAIL FROM:<a@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n")
        assert [client.line()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"354"]
        client.send(b".\r\nQUIT\r\n")
        assert [client.line()[:3] for _ in range(2)] == [b"250", b"221"]
        client.close()
    assert [(one.recipients, one.data) for one in sink.envelopes] == [
        (("b@x",), b"Subject: x\r\n\r\nhi\r\n"),
        (("c@x",), b""),
    ]


def test_input_that_arrives_byte_by_byte_is_the_same_input() -> None:
    with running_sink() as sink:
        client = _Raw(sink.port)
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"EHLO me\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\na\r\n..b\r\n.\r\n":
            client.send(bytes([byte]))
        assert [client.line()[:3] for _ in range(5)] == [b"250", b"250", b"250", b"354", b"250"]
        client.close()
    assert sink.envelopes[0].data == b"a\r\n.b\r\n"


def test_a_bare_line_feed_does_not_end_a_message() -> None:
    with running_sink() as sink:
        client = _Raw(sink.port)
        client.send(b"EHLO me\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\nx\n.\nMAIL FROM:<evil@x>\r\n.\r\n")
        assert [client.line()[:3] for _ in range(5)] == [b"250", b"250", b"250", b"354", b"250"]
        client.close()
    assert len(sink.envelopes) == 1


@pytest.mark.parametrize(
    ("recipient", "code"), [("x+bounce@a", 550), ("x+full@a", 552), ("x+blocked@a", 554), ("x+busy@a", 451)]
)
def test_some_recipients_are_always_refused(recipient: str, code: int) -> None:
    with running_sink() as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        for _ in range(2):
            with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)) as caught:
                client.sendmail("us@example.org", recipient, b"Subject: x\r\n\r\nhi\r\n")
            assert str(code) in str(caught.value)
    assert sink.envelopes == []
    assert sink.counters.refused == 2


def test_a_greylisted_recipient_is_taken_the_second_time() -> None:
    with running_sink() as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("us@example.org", "x+greylist@a", b"hi")
        client.sendmail("us@example.org", "x+greylist@a", b"hi")
    assert len(sink.envelopes) == 1


def test_a_line_without_end_closes_the_connection() -> None:
    with running_sink() as sink:
        client = _Raw(sink.port)
        client.send(b"EHLO " + b"x" * 5000)
        assert client.line().startswith(b"500 ")
        assert client.file.read() == b""
        client.close()


def test_a_message_over_the_limit_is_refused_and_the_session_goes_on() -> None:
    with running_sink(SinkOptions(size_limit=10_000)) as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.ehlo()
        client.docmd("MAIL", "FROM:<a@x>")
        client.docmd("RCPT", "TO:<b@x>")
        assert client.data(b"x" * 50_000)[0] == 552
        assert client.docmd("MAIL", "FROM:<a@x> SIZE=20000")[0] == 552
        client.sendmail("a@x", "b@x", b"small")
    assert len(sink.envelopes) == 1


def test_commands_out_of_order_are_refused() -> None:
    with running_sink() as sink:
        client = _Raw(sink.port)
        client.send(b"MAIL FROM:<a@x>\r\nEHLO me\r\nRCPT TO:<b@x>\r\nDATA\r\nNONSENSE\r\n\r\nMAIL FROM:<a@x\r\n")
        assert [client.line()[:3] for _ in range(7)] == [b"503", b"250", b"503", b"503", b"502", b"502", b"501"]
        client.close()


def test_authentication_is_asked_for_when_there_are_users() -> None:
    options = SinkOptions(users={"ada": "secret"})
    with running_sink(options) as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("a@x", "b@x", b"x")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("ada", "wrong")
        client.login("ada", "secret")
        client.sendmail("a@x", "b@x", b"x")
    assert len(sink.envelopes) == 1


def test_the_process_has_recorded_what_it_acknowledged_when_it_is_killed(tmp_path: Path) -> None:
    record = tmp_path / "taken.txt"
    command = [sys.executable, "-m", "senet.demo.smtp_sink", "--record", str(record)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[1])
        with smtplib.SMTP("127.0.0.1", port) as client:
            for number in range(50):
                client.send_message(_message(f"p{number}@example.org"))
            process.send_signal(signal.SIGKILL)
            process.wait()
            with pytest.raises(smtplib.SMTPException):
                client.send_message(_message("late@example.org"))
    lines = record.read_text().splitlines()
    assert lines == [f"p{number}@example.org\t<p{number}@example.org>" for number in range(50)]


def test_it_takes_thousands_of_pipelined_messages_a_second() -> None:
    text = b"Subject: x\r\n\r\n" + b"A line of text that is sixty characters long, more or less.\r\n" * 30 + b".\r\n"
    head = b"MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n"
    with running_sink(keep=False) as sink:
        client = _Raw(sink.port)
        client.send(b"EHLO me\r\n" + head)
        assert [client.line()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"354"]
        started = time.perf_counter()
        for _ in range(1000):
            client.send(text + head)
            assert [client.line()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"354"]
        seconds = time.perf_counter() - started
        client.close()
    assert sink.counters.messages == 1000
    assert seconds < 5


def test_a_session_goes_on_under_tls_and_forgets_what_was_said_before(tmp_path: Path) -> None:
    server, client_side = make_tls(tmp_path)
    with running_sink(SinkOptions(tls=server)) as sink, smtplib.SMTP("localhost", sink.port) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        client.starttls(context=client_side)
        assert client.docmd("MAIL", "FROM:<a@x>")[0] == 503
        client.ehlo()
        assert not client.has_extn("starttls")
        client.send_message(_message("ada@example.org"))
    assert len(sink.envelopes) == 1


def test_commands_smuggled_behind_starttls_are_thrown_away(tmp_path: Path) -> None:
    server, client_side = make_tls(tmp_path)
    with running_sink(SinkOptions(tls=server)) as sink:
        client = _Raw(sink.port)
        client.send(b"EHLO me\r\n")
        assert client.line().startswith(b"250 ")
        client.send(b"STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@x>\r\n")
        assert client.line().startswith(b"220 ")
        with client_side.wrap_socket(client.socket, server_hostname="localhost") as secure:
            secure.sendall(b"RCPT TO:<b@x>\r\n")
            assert secure.recv(100).startswith(b"503 ")
        client.close()


def make_tls(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's side of TLS with a certificate made for the occasion."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))
